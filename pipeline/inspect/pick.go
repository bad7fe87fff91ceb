package inspect

import (
	"context"
	_ "embed"
	"errors"
	"fmt"
	"time"

	"github.com/playwright-community/playwright-go"

	"pipe/specs"
	"pipe/steps"
)

// Picked is a thing that was picked on a page.
type Picked struct {
	URL string `json:"url"`
	// Targets are as a spec has them, the steadiest first.
	Targets []string      `json:"targets"`
	Element steps.Element `json:"element"`
}

//go:embed pick.js
var pickJS string

const (
	// pickLimit bounds the look at one thing.
	pickLimit = 5 * time.Second
	// pickedMost is how many picks wait to be looked at; more at once nobody makes by hand.
	pickedMost = 8
)

// pick is an element that was pressed, in its frame.
type pick struct {
	element playwright.ElementHandle
	frame   playwright.Frame
}

// Pick outlines what the pointer is over in the page's window, and tells what is pressed, until
// the page is closed or ctx ends. The presses do not reach the page, but for those with Alt
// held. redact takes secrets out of a text.
func Pick(ctx context.Context, page playwright.Page, redact func(string) string, tell func(Picked)) error {
	picks, closed := make(chan pick, pickedMost), make(chan struct{})
	page.OnClose(func(playwright.Page) { close(closed) })
	_, err := steps.Call(ctx, "preparing the page to pick from", func() (any, error) {
		return nil, errors.Join(
			page.ExposeBinding("__pipe_pick", func(source *playwright.BindingSource, args ...any) any {
				taken(picks, source, args)
				return nil
			}, true),
			page.AddInitScript(playwright.Script{Content: playwright.String("(" + pickJS + ")()")}),
		)
	})
	if err != nil {
		return err
	}
	for _, f := range page.Frames() {
		// A frame that has gone meanwhile is no loss: the script stands in what comes.
		_, _ = steps.Call(ctx, "preparing a frame to pick from", func() (any, error) { return f.Evaluate("(" + pickJS + ")()") })
	}
	for {
		select {
		case p := <-picks:
			if one, err := p.look(ctx, redact); err == nil {
				tell(one)
			}
		case <-closed:
			return nil
		case <-ctx.Done():
			return ctx.Err()
		}
	}
}

// taken puts an element that was pressed among the picks.
func taken(picks chan<- pick, source *playwright.BindingSource, args []any) {
	if len(args) == 0 {
		return
	}
	if handle, ok := args[0].(playwright.JSHandle); ok && handle.AsElement() != nil {
		select {
		case picks <- pick{handle.AsElement(), source.Frame}:
		default:
		}
	}
}

// look tells what an element is.
func (p pick) look(ctx context.Context, redact func(string) string) (Picked, error) {
	ctx, cancel := context.WithTimeout(ctx, pickLimit)
	defer cancel()
	e, err := steps.DescribeHandle(ctx, p.element)
	if err != nil {
		return Picked{}, err
	}
	way, err := frameWay(ctx, p.frame)
	if err != nil {
		return Picked{}, err
	}
	picked := Picked{URL: redact(p.frame.Page().URL()), Element: e.Map(redact)}
	for _, s := range e.Selectors {
		picked.Targets = append(picked.Targets, redact(specs.LocatorOf(way+s).String()))
	}
	return picked, nil
}

// frameWay gives the beginning of a selector that leads into a frame.
func frameWay(ctx context.Context, f playwright.Frame) (string, error) {
	parent := f.ParentFrame()
	if parent == nil {
		return "", nil
	}
	holder, err := steps.Call(ctx, "finding the frame", f.FrameElement)
	if err != nil {
		return "", err
	}
	e, err := steps.DescribeHandle(ctx, holder)
	if err != nil {
		return "", err
	}
	if len(e.Selectors) == 0 {
		return "", fmt.Errorf("no selector leads to the frame %s", f.URL())
	}
	outer, err := frameWay(ctx, parent)
	return outer + e.Selectors[0] + " >> internal:control=enter-frame >> ", err
}
