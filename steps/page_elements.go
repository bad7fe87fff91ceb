package steps

import (
	"context"
	_ "embed"
	"encoding/json"
	"errors"
	"fmt"
	"strconv"
	"strings"

	"github.com/playwright-community/playwright-go"

	"pipe/specs"
)

// pageElementsJS tells of all elements below one.
//
//go:embed page_elements.js
var pageElementsJS string

// mostElements bounds the elements of a frame that are described: a page of more is a list
// that shows thousands of rows. mostFrames bounds the frames within frames.
const (
	mostElements = 3000
	mostFrames   = 4
)

// PageElement is an element of a page, and where it is found again until the page changes.
type PageElement struct {
	Element
	// Frames are the selectors of the frames that it is in, the outermost first.
	Frames []string
	number int
}

// DescribePage describes all elements of a page that are to be seen, those in shadow roots
// and frames too, at the cost of one command for each frame, and one for each frame's own
// selector. They have no selectors yet: see Selectors.
func DescribePage(ctx context.Context, page playwright.Page) ([]PageElement, error) {
	var all []PageElement
	err := describeFrame(ctx, page, nil, &all)
	return all, err
}

func describeFrame(ctx context.Context, page playwright.Page, frames []string, all *[]PageElement) error {
	options, err := json.Marshal(map[string]any{"testID": testIDAttribute, "most": mostElements, "frame": strings.Join(frames, enterFrame)})
	if err != nil {
		return err
	}
	text, err := Call(ctx, "describing the page", func() (string, error) {
		return inFrames(page, frames, "html").Locator(pageEngine + "=" + string(options)).TextContent(playwright.LocatorTextContentOptions{Timeout: timeoutMillis(ctx)})
	})
	if err != nil {
		return err
	}
	var seen struct {
		Elements []Element
		Frames   []int
	}
	if err := json.Unmarshal([]byte(text), &seen); err != nil {
		return fmt.Errorf("describing the page: %w", err)
	}
	for i, e := range seen.Elements {
		*all = append(*all, PageElement{Element: e, Frames: frames, number: i})
	}
	if len(frames) == mostFrames {
		return nil
	}
	for _, n := range seen.Frames {
		frame := PageElement{Frames: frames, number: n}
		selectors, err := frame.Selectors(ctx, page)
		if err != nil || len(selectors) == 0 {
			continue // it is gone
		}
		if err := describeFrame(ctx, page, append(frames[:len(frames):len(frames)], selectors[0]), all); err != nil && ctx.Err() != nil {
			return err
		}
	}
	return nil
}

// inFrames gives what a selector finds within frames.
func inFrames(page playwright.Page, frames []string, selector string) playwright.Locator {
	return page.Locator(strings.Join(append(frames[:len(frames):len(frames)], selector), enterFrame))
}

// Locator gives the element, as long as the page has it.
func (e PageElement) Locator(page playwright.Page) playwright.Locator {
	return inFrames(page, e.Frames, "html").Locator(nthEngine + "=" + strconv.Itoa(e.number))
}

// Selectors are the driver's own for the element within its frame, the steadiest first.
func (e PageElement) Selectors(ctx context.Context, page playwright.Page) ([]string, error) {
	described, err := DescribeElement(ctx, e.Locator(page))
	return described.Selectors, err
}

// IsOnly tells whether a locator leads to the element, and to no other.
func (e PageElement) IsOnly(ctx context.Context, loc playwright.Locator) (bool, error) {
	n, err := Call(ctx, "counting", loc.Count)
	if err != nil || n != 1 {
		return false, err
	}
	text, err := Call(ctx, "looking for the element", func() (string, error) {
		return loc.Locator(numberEngine + "=any").TextContent(playwright.LocatorTextContentOptions{Timeout: timeoutMillis(ctx)})
	})
	return err == nil && text == strconv.Itoa(e.number)+" "+strings.Join(e.Frames, enterFrame), err
}

// Locate gives the elements that a target leads to: those of all its alternatives.
func (s *StepContext) Locate(target specs.Target) (playwright.Locator, error) {
	return s.locate(target)
}

// TakeOutlined is a picture of the page as TakeScreenshot has it, with a line around an
// element, which is scrolled into view.
func (s *StepContext) TakeOutlined(ctx context.Context, e PageElement) ([]byte, error) {
	loc := e.Locator(s.Page)
	outline := func(how string) error {
		_, err := Call(ctx, "outlining the element", func() (any, error) {
			return loc.Evaluate("(e, how) => { const was = e.style.outline; e.style.outline = how; e.scrollIntoView({block: 'nearest'}); return was; }", how, playwright.LocatorEvaluateOptions{Timeout: timeoutMillis(ctx)})
		})
		return err
	}
	if err := outline("4px solid red"); err != nil {
		return nil, err
	}
	png, err := s.TakeScreenshot(ctx, false)
	return png, errors.Join(err, outline(""))
}
