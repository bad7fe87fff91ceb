package steps

import (
	"context"
	"errors"
	"fmt"
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
	On     *specs.Step   `yaml:"on" doc:"the step that makes the site deliver the file"`
	URL    expr.Template `yaml:"url" short:"true" doc:"the file's address, fetched with the session's cookies"`
	From   specs.Target  `yaml:"from" doc:"the element whose href or src is the file's address"`
	Print  *Print        `yaml:"print" doc:"print to PDF the page that on opens, or without on the page as it is"`
	As     expr.Template `yaml:"as" required:"true" path:"each" scope:"member" when:"many" else:"named" doc:"the file's name in the output folder; it may use file.site_name, the name that the site gives the file, and file.ext, that name's ending; with many, evaluated for each file, with file.name, file.ext (its name in the archive) and file.index (from 1)"`
	Many   bool          `yaml:"many" doc:"the file is a ZIP archive: the files in it are what is wanted, and expect is about each of them"`
	Expect Proof         `yaml:"expect" doc:"what the file must be to count"`
}

// CapturedFile is a file on its way and what the spec says of it.
type CapturedFile struct {
	Delivery Delivery
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
	case c.Expect.MaxSize != 0 && c.Expect.MinSize > c.Expect.MaxSize:
		return "expect.max_size is less than expect.min_size"
	default:
		return ""
	}
}

// Run starts to take the file.
func (c *Capture) Run(ctx context.Context, on *StepContext) error {
	out, err := c.Expected(on.Values)
	if err != nil {
		return err
	}
	out.Step = on.step
	kind := "zip"
	if !c.Many {
		kind = c.Expect.Kind(out.Name)
	}
	if out.Delivery, err = c.deliver(ctx, on, kind); err != nil {
		return err
	}
	deadline, _ := ctx.Deadline()
	out.Left = time.Until(deadline)
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
func (c *Capture) deliver(ctx context.Context, on *StepContext, kind string) (Delivery, error) {
	opts := CaptureOptions{Kind: kind}
	if c.Print != nil {
		var err error
		if opts.Print, err = c.Print.params(on.Values); err != nil {
			return nil, err
		}
	}
	switch {
	case c.On != nil:
		return on.CaptureFile(ctx, []specs.Step{*c.On}, opts)
	case opts.Print != nil:
		return on.Files.Print(ctx, on.Page, opts.Print)
	}
	url, err := c.address(ctx, on)
	if err != nil {
		return nil, err
	}
	return on.Files.Fetch(ctx, on.Page, url)
}

// elementAddressJS is where an element keeps an address.
const elementAddressJS = `el => el.href || el.currentSrc || el.src || el.data || ''`

// address gives the file's address, from the spec or from the page.
func (c *Capture) address(ctx context.Context, on *StepContext) (string, error) {
	if !c.From.Given() {
		url, err := c.URL.Text(on.Values)
		if err == nil && url == "" {
			err = errors.New("the file's address is empty: is the value that it is made of missing?")
		}
		return url, err
	}
	loc, err := on.firstAlternative(c.From)
	if err != nil {
		return "", err
	}
	url, err := Call(ctx, "reading the address of "+c.From.String(), func() (any, error) {
		return loc.Evaluate(elementAddressJS, nil, playwright.LocatorEvaluateOptions{Timeout: timeoutMillis(ctx)})
	})
	if err == nil && url == "" {
		err = fmt.Errorf("%s has neither href nor src", c.From)
	}
	return fmt.Sprint(url), err
}

// CaptureFile runs steps of which the last one makes the site deliver a file, and
// gives that file on its way. Dialogs that come meanwhile are accepted, unless a
// dismiss step has said otherwise: a file that is asked for is wanted.
func (s *StepContext) CaptureFile(ctx context.Context, list []specs.Step, opts CaptureOptions) (Delivery, error) {
	if len(list) == 0 {
		return nil, errors.New("there is no step that could bring a file")
	}
	last := len(list) - 1
	if err := s.Run(ctx, list[:last]); err != nil {
		return nil, err
	}
	pending, err := s.Files.Listen(ctx, s.Page, opts)
	if err != nil {
		return nil, err
	}
	defer pending.Close()
	if s.stopDialogs == nil {
		stop, err := s.answerDialogs(ctx, true, "")
		if err != nil {
			return nil, err
		}
		defer stop()
	}
	if err := s.runStep(ctx, &list[last]); err != nil {
		return s.awaitDownload(ctx, pending, err)
	}
	return pending.Wait(ctx)
}

// awaitDownload gives the file that came although its trigger failed: opening the
// address of a download is an error for the browser.
func (s *StepContext) awaitDownload(ctx context.Context, pending PendingCapture, failed error) (Delivery, error) {
	if !isDownloadStart(failed) {
		return nil, failed
	}
	ctx, cancel := context.WithTimeout(ctx, 5*time.Second)
	defer cancel()
	d, err := pending.Wait(ctx)
	if err != nil {
		return nil, failed
	}
	return d, nil
}
