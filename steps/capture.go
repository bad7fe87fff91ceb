package steps

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"os"
	"slices"
	"strings"
	"time"

	"github.com/playwright-community/playwright-go"

	"pipe/specs"
	"pipe/specs/expr"
)

func init() {
	register[Capture](150, "capture", "takes the file that a step makes the site deliver",
		`capture: {on: {click: {text: Create PDF}}, as: "${{ item.reference }}.pdf", expect: pdf}`)
}

// Capture takes the file that a step makes the site deliver, whichever way it
// comes, or the file at an address.
//
// It ends as soon as the request is known which produces the file; the file is
// received and proved later, while the page goes on.
type Capture struct {
	On     *specs.Step    `yaml:"on" doc:"the step that makes the site deliver the file"`
	URL    expr.Address   `yaml:"url" short:"true" doc:"the file's address, fetched with the session's cookies"`
	From   specs.Target   `yaml:"from" doc:"the element whose href or src is the file's address"`
	Print  *Print         `yaml:"print" doc:"print to PDF the page that on opens, or without on the page as it is"`
	As     expr.Template  `yaml:"as" required:"true" path:"each" scope:"member" when:"many" else:"named" doc:"the file's name in the output folder; it may use file.site_name, the name that the site gives the file, and file.ext, that name's ending; with many, evaluated for each file, with file.name, file.ext (its name in the archive) and file.index (from 1)"`
	Many   bool           `yaml:"many" doc:"the file is a ZIP archive: the files in it are what is wanted, and expect is about each of them"`
	Expect Proof          `yaml:"expect" doc:"what the file must be to count"`
	Match  *Match         `yaml:"match" doc:"what the file's address, name or type must be like, where the page fetches several; with on"`
	Quiet  specs.Duration `yaml:"quiet" default:"5s" doc:"how long a page that is shown in the file's place, in a tab, a frame or in this one, may ask the site for nothing before no file is expected of it, three times as long where a script of this page was answered and it stays as it is: it is loaded, its timers of up to a minute have run, and no connection is open by which the site could send more; with on"`
	IfNone string         `yaml:"if_none" enum:"skip,fail" default:"fail" doc:"what becomes of an item for which the site has no file: skip goes on without it, and settles an item that has no other file as skipped; a file that began to come, a refusal or an error of the site still fails"`
}

// CapturedFile is a file on its way and what the spec says of it.
type CapturedFile struct {
	Delivery Delivery
	// Taken are the hashes of the item's files that came before, as far as they are
	// known: a page that goes on showing one brings it again.
	Taken map[string]bool
	// Left is what is left of the capture's time-out for the last byte to be on
	// disk, once the file is asked for.
	Left time.Duration
	// Name is what the spec calls it; with Many, that is for Member to say.
	Name string
	Many bool
	// Late is true when the name is made of what the site calls the file: it is for
	// Named to say once the file is here.
	Late bool
	// InArchive is its name in the archive that it came in, "" for a file that
	// came by itself.
	InArchive             string
	Proof                 *Proof
	Contains, NotContains []string
	Step                  *specs.Step

	as     expr.Template
	values expr.Values
}

// MissingFile is a capture for whose item the site has no file.
type MissingFile struct {
	Step   *specs.Step
	Reason string
}

// Fault tells how the file is named in none or in several ways.
func (c *Capture) Fault() string {
	ways := 0
	for _, given := range []bool{c.On != nil, !c.URL.Empty(), c.From.Given()} {
		if given {
			ways++
		}
	}
	switch {
	case ways == 0 && c.Print == nil:
		return "say how the file comes: by on (the step that brings it), url, from or print"
	case ways > 1:
		return "the file comes in one way: by on, url or from"
	case c.Print != nil && c.On == nil && ways > 0:
		return "print goes with on, or stands alone for the page as it is"
	case c.Print != nil && c.Many:
		return "print makes one PDF: it does not go with many"
	case c.Match != nil && (c.On == nil || c.Print != nil):
		return "match is about what on brings: it goes with neither url, from nor print"
	case c.Match != nil && !c.Match.Type.Empty() && !strings.ContainsAny(c.Match.Type.Raw(), "/*$"):
		return "match.type is a content type, such as application/pdf or image/*; a kind of file goes under expect"
	case c.IfNone == "skip" && c.On == nil:
		return "if_none is about what on brings"
	case c.Expect.MaxSize != 0 && c.Expect.MinSize > c.Expect.MaxSize:
		return "expect.max_size is less than expect.min_size"
	default:
		return ""
	}
}

// ProvesItem tells whether each of its files is proved to be its item's own, by what the
// source has of the item: what steps have read may be another's. A file of an address says
// nothing of the page that the steps have led to.
func (c *Capture) ProvesItem() bool {
	return c.URL.Empty() && slices.ContainsFunc(c.Expect.Contains, func(t expr.Template) bool { return t.Names("item", "") })
}

func (c *Capture) withoutPage() string {
	if c.Print != nil {
		return "a browser prints"
	}
	return ""
}

// Run starts to take the file.
func (c *Capture) Run(ctx context.Context, on *StepContext) error {
	out, err := c.Expected(on.Values)
	if err != nil {
		return err
	}
	out.Step = on.step
	out.Delivery, err = c.deliver(ctx, on, &out)
	on.tellPassedBy(ctx)
	var none *NoFileError
	if c.IfNone == "skip" && errors.As(err, &none) && none.None {
		on.Missing = append(on.Missing, MissingFile{Step: on.step, Reason: none.Err.Error()})
		on.SetNote("there is no file, which may be so: " + none.Err.Error())
		return nil
	}
	if err != nil {
		return err
	}
	if known, ok := out.Delivery.(Known); ok {
		if on.taken == nil {
			on.taken = map[string]bool{}
		}
		on.taken[known.SHA256()] = true
	}
	deadline, _ := ctx.Deadline()
	out.Left = time.Until(deadline)
	out.Delivery = on.holding(out.Delivery)
	on.Captures = append(on.Captures, out)
	return nil
}

// Expected is what the spec says of the file, for the values of an item: a
// CapturedFile without its delivery.
func (c *Capture) Expected(values expr.Values) (CapturedFile, error) {
	out := CapturedFile{Proof: &c.Expect, Many: c.Many, as: c.As, values: values}
	var err error
	out.Late = !c.Many && c.As.Names("file", "")
	if !c.Many && !out.Late {
		if out.Name, err = c.As.Text(values); err != nil {
			return out, err
		}
	}
	if out.Contains, err = evaluateTexts(values, c.Expect.Contains...); err != nil {
		return out, err
	}
	out.NotContains, err = evaluateTexts(values, c.Expect.NotContains...)
	return out, err
}

// Vars are the spec's own values as they were when the file was captured.
func (c *CapturedFile) Vars() map[string]any {
	vars, _ := c.values["vars"].(map[string]any)
	return vars
}

// deliver gives the file on its way, by whichever way the spec says.
func (c *Capture) deliver(ctx context.Context, on *StepContext, out *CapturedFile) (Delivery, error) {
	if c.On != nil {
		return c.fromTrigger(ctx, on, out)
	}
	opts, err := c.options(on, out)
	if err != nil {
		return nil, err
	}
	if opts.Print != nil {
		return on.Files.Print(ctx, on.Page, opts.Print)
	}
	link, err := c.link(ctx, on)
	if err != nil {
		return nil, err
	}
	return on.Files.Fetch(ctx, on.Page, link)
}

// options are what the listening is told of the file.
func (c *Capture) options(on *StepContext, out *CapturedFile) (CaptureOptions, error) {
	opts := CaptureOptions{Kind: "zip", Name: out.Name, Texts: out.Contains, Quiet: c.Quiet.Std(), OnlyLooks: on.OnlyLooks}
	if !c.Many {
		opts.Kind = c.Expect.Kind(out.Name)
	}
	if on.step != nil {
		opts.Step = on.step.Path
	}
	out.Taken = maps.Clone(on.taken)
	if on.Look != nil {
		opts.Accepts = func(ctx context.Context, file *os.File, got Receipt) error { return on.Look(ctx, out, file, got) }
	}
	var err error
	if opts.Match, err = c.Match.with(on.Values); err == nil && c.Print != nil {
		opts.Print, err = c.Print.params(on.Values)
	}
	return opts, err
}

// elementLinkJS is where an element keeps an address, the address of its document,
// and the referrer policies that hold for it, the last last.
const elementLinkJS = `el => [
	el.href || el.currentSrc || el.src || el.data || '',
	el.ownerDocument.defaultView === window.top ? '' : el.ownerDocument.URL,
	...[...el.ownerDocument.querySelectorAll('meta[name="referrer" i]')].map(m => m.content),
	el.referrerPolicy || '',
	/(^|\s)noreferrer(\s|$)/i.test(el.rel || '') ? 'no-referrer' : '',
].map(String)`

// link gives where the file is, from the spec or from the page.
func (c *Capture) link(ctx context.Context, on *StepContext) (Link, error) {
	if !c.From.Given() {
		url, err := c.URL.Text(on.Values)
		if err == nil && url == "" {
			err = errors.New("the file's address is empty: is the value that it is made of missing?")
		}
		return Link{URL: url}, err
	}
	loc, err := on.firstAlternative(c.From)
	if err != nil {
		return Link{}, err
	}
	if element, is := loc.(StaticElement); is {
		link, err := Call(ctx, "reading the address of "+c.From.With(on.Values), element.Link)
		if err == nil && link.URL == "" {
			err = fmt.Errorf("%s has neither href nor src", c.From.With(on.Values))
		}
		return link, err
	}
	told, err := Call(ctx, "reading the address of "+c.From.With(on.Values), func() (any, error) {
		return loc.Evaluate(elementLinkJS, nil, playwright.LocatorEvaluateOptions{Timeout: timeoutMillis(ctx)})
	})
	if err != nil {
		return Link{}, err
	}
	list, _ := told.([]any)
	words := make([]string, 0, len(list))
	for _, one := range list {
		words = append(words, fmt.Sprint(one))
	}
	if len(words) < 2 || words[0] == "" {
		return Link{}, fmt.Errorf("%s has neither href nor src", c.From.With(on.Values))
	}
	return Link{URL: words[0], Document: words[1], Policies: words[2:]}, nil
}
