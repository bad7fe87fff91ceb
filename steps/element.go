package steps

import (
	"context"
	_ "embed"
	"encoding/json"
	"errors"
	"fmt"

	"github.com/playwright-community/playwright-go"
)

// Element is what is known of an element of a page: what tells it from the others, and what
// it may be known by when the site has changed. Texts are cut at 80 to 200 characters; what
// a field holds is not in it.
type Element struct {
	// Tag is the name in HTML, Role and Name are those of its ARIA semantics, as the driver's
	// locators by role have them.
	Tag  string `json:"tag"`
	Role string `json:"role,omitempty"`
	Name string `json:"name,omitempty"`
	// Text is what it shows, Label the text of a field's label.
	Text  string `json:"text,omitempty"`
	Label string `json:"label,omitempty"`
	// Attributes are all but value, style and event handlers.
	Attributes map[string]string `json:"attributes,omitempty"`
	// Heading is the last heading before it, Before and After are the nearest texts beside it.
	Heading string `json:"heading,omitempty"`
	Before  string `json:"before,omitempty"`
	After   string `json:"after,omitempty"`
	// Row is the text of the table's row that it stands in, Column its column's header.
	Row    string `json:"row,omitempty"`
	Column string `json:"column,omitempty"`
	// Path leads to it from the root: tags, and which of several.
	Path string `json:"path,omitempty"`
	// Ancestors are those that it stands in, the nearest first, each by its tag, id and
	// classes as CSS has them.
	Ancestors []string `json:"ancestors,omitempty"`
	// Place is where it lies in the document, in CSS pixels.
	Place   Place `json:"place"`
	Visible bool  `json:"visible,omitempty"`
	// Selectors are the driver's own for it, the steadiest first, each of which finds it
	// alone in its frame, or finds it first.
	Selectors []string `json:"selectors,omitempty"`
}

// Place is a rectangle in CSS pixels, from the document's corner.
type Place struct {
	X      int `json:"x"`
	Y      int `json:"y"`
	Width  int `json:"width"`
	Height int `json:"height"`
}

// elementJS tells of an element.
//
//go:embed element.js
var elementJS string

// testIDAttribute is what locators by test_id look at: the driver's default.
const testIDAttribute = "data-testid"

// DescribeElement tells what is known of a locator's element, at the cost of one command;
// of several, of the first. It waits for it as long as ctx allows, and at most for the
// driver's own limit.
func DescribeElement(ctx context.Context, loc playwright.Locator) (Element, error) {
	answer := loc.First().Locator(elementEngine + "=" + elementOptions)
	return element(ctx, func() (string, error) {
		return answer.TextContent(playwright.LocatorTextContentOptions{Timeout: timeoutMillis(ctx)})
	})
}

// DescribeHandle is DescribeElement for an element that is at hand.
func DescribeHandle(ctx context.Context, h playwright.ElementHandle) (Element, error) {
	return element(ctx, func() (string, error) {
		answer, err := h.QuerySelector(elementEngine + "=" + elementOptions) //nolint:staticcheck // of a handle there is no locator
		if err != nil || answer == nil {
			return "", errors.Join(err, ErrClosed)
		}
		return answer.TextContent() //nolint:staticcheck // as above
	})
}

// elementOptions are those of elementJS.
const elementOptions = `{"testID": "` + testIDAttribute + `"}`

// element reads what elementJS tells.
func element(ctx context.Context, ask func() (string, error)) (e Element, err error) {
	const what = "describing the element"
	text, err := Call(ctx, what, ask)
	if err == nil {
		if err = json.Unmarshal([]byte(text), &e); err != nil {
			err = fmt.Errorf("%s: %w", what, err)
		}
	}
	return e, err
}
