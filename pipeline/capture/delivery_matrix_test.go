package capture

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"pipe/pipeline"
	"pipe/pipeline/session"
	"pipe/steps"
)

// servedWays are those in which the site sends a file, and no script makes it.
func servedWays() []string {
	var all []string
	for _, w := range ways {
		if !w.made && !strings.HasPrefix(w.way, "big") {
			all = append(all, w.way)
		}
	}
	return append(all, "fetch")
}

// framed are the ways of which a browser's viewer shows the file.
var framed = []string{"frame", "newframe", "farframe", "embed", "object"}

// elsewhere are the ways in which another may tell first that there is no file.
var elsewhere = []string{"farmade", "writtensave"}

// Each way that a site can deliver a file, with each way that an answer can be
// whole, half, refused or another's: the file comes, or it is told why not.
func TestDeliveryMatrix(t *testing.T) {
	t.Parallel()
	matrix(t, "shell", session.Options{})
}

// The same of files that are asked for without their tabs, once one was seen to come.
func TestDeliveryMatrixBeside(t *testing.T) {
	t.Parallel()
	var all []cell
	for _, way := range []string{"open", "post", "noopener", "redirect"} {
		for _, f := range faults {
			all = append(all, cell{way, f, way + "/" + f.name})
		}
	}
	cellsOf(t, "shell", session.Options{}, all)
}

type cell struct {
	way string
	fault
	// step is the capture's, "" for one of which nothing is learned.
	step string
}

func matrix(t *testing.T, kind string, opts session.Options) {
	var all []cell
	for _, way := range servedWays() {
		for _, f := range faults {
			all = append(all, cell{way: way, fault: f})
		}
	}
	cellsOf(t, kind, opts, all)
}

func cellsOf(t *testing.T, kind string, opts session.Options, all []cell) {
	ctx := t.Context() // each cell has a limit of its own; all of them take minutes on a slow machine
	site := newFiles(t)
	opts.Pages = 4
	pool := launch(t, kind, opts)
	cells := make(chan cell)
	var wg sync.WaitGroup
	for w := range opts.Pages {
		wg.Go(func() {
			pg := open(ctx, t, pool, w)
			for c := range cells {
				check(ctx, t, pg, site, c)
				if err := pg.CloseStrays(ctx); err != nil {
					t.Errorf("%s, %s: %v", c.way, c.name, err)
				}
			}
		})
	}
	for _, c := range all {
		cells <- c
	}
	close(cells)
	wg.Wait()
}

// check takes one file and says what is wrong with what came.
func check(ctx context.Context, t *testing.T, pg pipeline.Page, site *files, c cell) {
	limit := 20 * time.Second
	if c.way == "made" || c.way == "oldxhr" && c.name == "nothing" {
		limit = 5 * time.Second // nothing but its end may tell
	}
	ctx, cancel := context.WithTimeout(ctx, limit)
	defer cancel()
	id := c.way + "-" + c.name
	if c.step != "" {
		learned := cell{c.way, fault{name: "learned" + c.name}, c.step}
		if _, err := learned.take(ctx, pg, site, c.way+"-"+learned.name, io.Discard); err != nil {
			t.Errorf("%s: %v", c.step, err)
		}
		site.forget(id)
	}
	if c.way == "fetch" {
		id = "here-" + c.name + "." // a way of its own to the same address
		id = strings.TrimSuffix(id, ".")
	}
	var got bytes.Buffer
	how, err := c.take(ctx, pg, site, id, &got)
	if errors.Is(err, steps.ErrTimeout) && c.loses() {
		again, cancel := context.WithTimeout(context.WithoutCancel(ctx), limit)
		defer cancel()
		how, err = c.take(again, pg, site, id, &got)
	}
	right := bytes.Equal(got.Bytes(), content(id))
	// What the proof of any file tells: whether it is the item's.
	others := err == nil && !bytes.HasPrefix(got.Bytes(), []byte("%PDF-1.4 "+id+"\n"))
	var status *steps.StatusError
	switch {
	case c.way == "made" && (c.brings == none || c.brings == unproved):
		// What the page's own script makes of an answer is its own; a cut one it sees.
		if err == nil && !others && c.brings == none && c.name != "part" {
			t.Errorf("%s, %s: %d bytes count as the file, of %d", c.way, c.name, got.Len(), len(content(id)))
		}
	case c.way == "oldxhr" && c.name == "nothing":
		if err == nil {
			t.Errorf("%s, %s: no error", c.way, c.name) // a POST that answers nothing may have started something
		}
	case c.brings == none && err == nil:
		t.Errorf("%s, %s: %d bytes count as the file, of %d", c.way, c.name, got.Len(), len(content(id)))
	case c.brings == none && c.status >= 204 && c.status != 206 && !slices.Contains(elsewhere, c.way) && (!errors.As(err, &status) || status.Status != c.status):
		t.Errorf("%s, %s: %v, which does not say that the site answered %d", c.way, c.name, err, c.status)
	case c.brings == none && errors.Is(err, steps.ErrTimeout) && c.way != "farmade":
		t.Errorf("%s, %s: told only when the time was over: %v", c.way, c.name, err)
	case c.brings == whole_ && (err != nil || !right):
		t.Errorf("%s, %s: got %d bytes, %v", c.way, c.name, got.Len(), err)
	case c.brings == whole_ && how.OpenEnd:
		t.Errorf("%s, %s: its end is not known", c.way, c.name)
	case c.brings == unproved && err == nil && !how.OpenEnd:
		t.Errorf("%s, %s: %d bytes, via %s, count as proved to be all", c.way, c.name, got.Len(), how.Via)
	case c.brings == unproved && c.name == "open" && (err != nil || !right):
		t.Errorf("%s, %s: got %d bytes, %v", c.way, c.name, got.Len(), err)
	case c.brings == either && err == nil && !right && !others:
		t.Errorf("%s, %s: got %d bytes", c.way, c.name, got.Len())
	}
	if n := site.count(id); n > 1 && c.brings == whole_ && c.way != "fetch" && c.way != "here" && c.way != "farmade" {
		t.Errorf("%s, %s: produced %d times", c.way, c.name, n)
	}
}

// loses tells of what the browser may lose: the download of a link whose answer breaks
// off as it comes. The browser asked the site, and neither its answer nor its end was
// told to anybody, 3 times of 400 on a machine at work: that ends at the limit.
func (c cell) loses() bool { return c.way == "save" && strings.HasPrefix(c.name, "cut") }

// twice has the trigger work for another file first, and then for the right one.
const twice = `([way, from, to]) => {
	const button = document.getElementById(way), box = button.closest('form') || button, first = box.cloneNode(true);
	first.innerHTML = first.innerHTML.replaceAll(from, to);
	for (const e of [first, ...first.querySelectorAll('*')])
		for (const a of [...e.attributes]) if (a.value.includes(from)) e.setAttribute(a.name, a.value.replaceAll(from, to));
	document.body.append(first);
	const before = first === box ? first : first.matches('form') ? first.querySelector('button') : first;
	before.id = 'before';
	const go = document.createElement('button');
	go.id = 'go'; go.textContent = 'go';
	go.onclick = () => { before.click(); setTimeout(() => button.click(), 100); };
	document.body.prepend(go);
}`

// visit opens a page. What the one before has begun by a timer may come between: a
// page, or a download, for which the browser gives up what it was opening.
func visit(ctx context.Context, pg pipeline.Page, url string) error {
	for {
		_, err := pg.Playwright().Goto(url)
		between := err != nil && (strings.Contains(err.Error(), "interrupted by another navigation") || strings.Contains(err.Error(), "net::ERR_ABORTED"))
		if !between || ctx.Err() != nil {
			return err
		}
	}
}

func (c cell) take(ctx context.Context, pg pipeline.Page, site *files, id string, to io.Writer) (steps.Receipt, error) {
	way := c.way
	if err := visit(ctx, pg, site.URL+"/?n="+c.name); err != nil {
		return steps.Receipt{}, err
	}
	if way == "fetch" {
		d, err := pg.Files().Fetch(ctx, pg.Playwright(), steps.Link{URL: "/file?id=" + id})
		if err != nil {
			return steps.Receipt{}, err
		}
		return d.Receive(ctx, to)
	}
	if c.first != "" {
		if _, err := pg.Playwright().Evaluate(twice, []any{way, id, id + "-" + c.first}); err != nil {
			return steps.Receipt{}, err
		}
	}
	want := steps.CaptureOptions{Step: c.step, Kind: "csv", Name: id + ".csv", Accepts: isItems(id)}
	if slices.Contains(framed, way) {
		want.Kind, want.Name = "pdf", id+".pdf"
	}
	catch, err := pg.Files().Listen(ctx, pg.Playwright(), want)
	if err != nil {
		return steps.Receipt{}, err
	}
	defer catch.Close()
	click := "#" + way
	if c.first != "" {
		click = "#go"
	}
	if err := pg.Playwright().Locator(click).Click(); err != nil {
		return steps.Receipt{}, fmt.Errorf("clicking: %w", err)
	}
	d, err := catch.Wait(ctx)
	if err != nil {
		return steps.Receipt{}, err
	}
	defer d.Discard()
	return d.Receive(ctx, to)
}

// isItems looks at a file as the proof does.
func isItems(id string) func(context.Context, *os.File, steps.Receipt) error {
	return func(_ context.Context, file *os.File, _ steps.Receipt) error {
		head := make([]byte, 200)
		n, _ := file.ReadAt(head, 0)
		switch head = head[:n]; {
		case !bytes.HasPrefix(head, []byte("%PDF-1.4 ")):
			return &pipeline.ProofError{Check: "type", Reason: "is another type"}
		case !bytes.HasPrefix(head, []byte("%PDF-1.4 "+id+"\n")):
			return &pipeline.ProofError{Check: "contains", Reason: "is another's"}
		}
		return nil
	}
}
