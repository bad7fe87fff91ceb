package main

import (
	"bufio"
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"os"
	"os/exec"
	"regexp"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"github.com/playwright-community/playwright-go"

	"pipe/pipeline/browser"
	"pipe/pipeline/client"
	"pipe/pipeline/provision"
)

// served is `pipe serve`, or a run with pages, at work.
type served struct {
	*job
	cmd *exec.Cmd
	// base is its address, open the one with the token.
	base, token, open string
	http              *http.Client
	said              *bytes.Buffer
	mu                sync.Mutex
	pages             []*shownPage
}

var printedAddress = regexp.MustCompile(`(http://\S+?)/\?token=([A-Za-z0-9]+)`)

// serve starts the command and waits until it tells its address.
func (j *job) serve(args ...string) *served {
	j.t.Helper()
	cmd, errs := j.command(args...)
	cmd.Stdout = nil
	out, err := cmd.StdoutPipe()
	j.must(err)
	j.must(cmd.Start())
	s := &served{job: j, cmd: cmd, http: &http.Client{Timeout: time.Minute}, said: &bytes.Buffer{}}
	told, ended := make(chan []string, 1), make(chan struct{})
	go func() {
		defer close(ended)
		for scan := bufio.NewScanner(out); scan.Scan(); {
			s.mu.Lock()
			fmt.Fprintln(s.said, scan.Text())
			s.mu.Unlock()
			if found := printedAddress.FindStringSubmatch(scan.Text()); found != nil {
				told <- found
			}
		}
		_, _ = io.Copy(io.Discard, out)
	}()
	j.t.Cleanup(func() {
		s.http.CloseIdleConnections()
		_ = cmd.Process.Signal(os.Interrupt)
		<-ended
		_ = cmd.Wait()
		if j.t.Failed() {
			j.t.Logf("%s%s", s.said, errs)
		}
	})
	select {
	case found := <-told:
		s.open, s.base, s.token = found[0], found[1], found[2]
	case <-ended:
		j.t.Fatalf("it ended before it told its address:\n%s", errs)
	case <-time.After(time.Minute):
		j.t.Fatalf("it told no address within a minute:\n%s", errs)
	}
	return s
}

// ask sends a request with the token, changed by change, and gives status and body.
func (s *served) ask(method, path, body string, change func(*http.Request)) (int, string, http.Header) {
	s.t.Helper()
	r, err := http.NewRequestWithContext(s.t.Context(), method, s.base+path, strings.NewReader(body))
	s.must(err)
	r.Header.Set("Authorization", "Bearer "+s.token)
	if body != "" {
		r.Header.Set("Content-Type", "application/json")
	}
	if change != nil {
		change(r)
	}
	answer, err := s.http.Do(r)
	s.must(err)
	defer func() { _ = answer.Body.Close() }()
	text, err := io.ReadAll(answer.Body)
	s.must(err)
	return answer.StatusCode, string(text), answer.Header
}

// get gives the JSON at a path.
func (s *served) get(path string, to any) {
	s.t.Helper()
	status, text, _ := s.ask(http.MethodGet, path, "", nil)
	if status != http.StatusOK {
		s.t.Fatalf("%s: %d %s", path, status, text)
	}
	s.must(json.Unmarshal([]byte(text), to))
}

// ends interrupts it and wants it to end well. It is no fault of pages that the server
// goes away.
func (s *served) ends(want int) {
	s.t.Helper()
	for _, p := range s.pages {
		_, err := p.Goto("about:blank")
		s.must(err)
	}
	s.must(s.cmd.Process.Signal(syscall.SIGINT))
	_ = s.cmd.Wait()
	if code := s.cmd.ProcessState.ExitCode(); code != want {
		s.t.Errorf("exit code %d, want %d", code, want)
	}
}

// browse opens a browser as users have it, and the first page with the token.
func (s *served) browse(o playwright.BrowserNewContextOptions) *shownPage {
	s.t.Helper()
	ctx, cancel := context.WithTimeout(s.t.Context(), 10*time.Minute)
	s.t.Cleanup(cancel)
	rt, err := provision.Ensure(ctx, provision.Options{Say: func(line string) { fmt.Fprintln(os.Stderr, line) }})
	s.must(err)
	browsers, err := browser.Supervise(ctx, browser.Options{DriverDir: rt.DriverDir, Node: rt.Node, Executable: rt.Browser, Downloads: s.t.TempDir(), CloseLimit: 5 * time.Second})
	s.must(err)
	s.t.Cleanup(func() { _ = browsers.Close(context.WithoutCancel(ctx)) })
	b, err := browsers.Current(ctx)
	s.must(err)
	via, err := client.NewTransport(client.ContextOptions{})
	s.must(err)
	in, err := b.NewContext(ctx, o, via, nil)
	s.must(err)
	own, err := in.NewPage(ctx)
	s.must(err)
	p := &shownPage{t: s.t, base: s.base, Page: own.Playwright()}
	s.pages = append(s.pages, p)
	p.OnConsole(func(m playwright.ConsoleMessage) {
		if m.Type() == "error" || m.Type() == "warning" {
			s.t.Errorf("%s: the console says: %s", p.URL(), m.Text())
		}
	})
	p.OnPageError(func(err error) { s.t.Errorf("%s: the page's script failed: %v", p.URL(), err) })
	_, err = p.Goto(s.open)
	s.must(err)
	if strings.Contains(p.URL(), s.token) {
		s.t.Errorf("the token stays in the address: %s", p.URL())
	}
	return p
}

// shownPage is a page of a browser.
type shownPage struct {
	playwright.Page
	t    *testing.T
	base string
}

func (p *shownPage) must(err error) {
	p.t.Helper()
	if err != nil {
		p.t.Fatal(err)
	}
}

// visit goes to a page, and waits until it shows something.
func (p *shownPage) visit(path string) {
	p.t.Helper()
	_, err := p.Goto(p.base + path)
	p.must(err)
	p.must(p.Locator("main section").First().WaitFor())
}

// press presses a button by its name.
func (p *shownPage) press(name string) {
	p.t.Helper()
	p.must(p.GetByRole("button", playwright.PageGetByRoleOptions{Name: name, Exact: playwright.Bool(true)}).Click())
}

// await waits until a text is to be seen.
func (p *shownPage) await(text string) {
	p.t.Helper()
	if err := p.GetByText(text).First().WaitFor(playwright.LocatorWaitForOptions{Timeout: playwright.Float(120_000)}); err != nil {
		shown, _ := p.Locator("main").InnerText()
		p.t.Fatalf("%q does not show: %v\n%s", text, err, shown)
	}
}

// is evaluates a script on the page.
func (p *shownPage) is(script string) string {
	p.t.Helper()
	v, err := p.Evaluate(script)
	p.must(err)
	return fmt.Sprint(v)
}
