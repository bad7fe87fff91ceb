package steps

import (
	"context"
	_ "embed"
	"regexp"

	"github.com/playwright-community/playwright-go"

	"pipe/specs"
)

// similarElementsJS finds the elements that are most like what is looked for.
//
//go:embed similar_elements.js
var similarElementsJS string

// maxSuggestions is how many elements are suggested.
const maxSuggestions = 3

// selectorNames are the parts of a selector that name something: an id or a class, an
// attribute's value, a quoted text, what stands behind text=.
var selectorNames = regexp.MustCompile(`[#.]([A-Za-z_][\w-]*)|=\s*["']?([^"'\]>]+)|["']([^"']+)["']`)

var word = regexp.MustCompile(`[\pL\pN_-]{2,}`)

// SimilarElements gives the elements of the page that are most like a target that is
// not there, each as a selector for the spec and what it is, the likest first.
func (s *StepContext) SimilarElements(ctx context.Context, t specs.Target) []string {
	var found []string
	for _, l := range t.Any {
		words, err := s.searchWords(l)
		if err != nil {
			continue
		}
		frame, err := s.frame(l)
		if err != nil {
			continue
		}
		var body playwright.Locator
		if frame == "" {
			body = s.Page.Locator("body")
		} else {
			body = s.Page.FrameLocator(frame).Locator("body")
		}
		answer, err := Call(ctx, "looking for what is like it", func() (any, error) {
			return body.Evaluate(similarElementsJS, map[string]any{"words": words, "role": l.Role, "tag": tagOf(l), "most": maxSuggestions},
				playwright.LocatorEvaluateOptions{Timeout: timeoutMillis(ctx)})
		})
		list, ok := answer.([]any)
		if err != nil || !ok {
			continue
		}
		for _, one := range list {
			if text, ok := one.(string); ok && len(found) < maxSuggestions {
				found = append(found, text)
			}
		}
	}
	return found
}

// tags finds the tag of what a CSS selector ends in.
var tags = regexp.MustCompile(`(?:^|[\s>+~])([a-z][a-z0-9]*)[^\s>+~]*$`)

func tagOf(l specs.Locator) string {
	if m := tags.FindStringSubmatch(l.Selector.Raw()); m != nil {
		return m[1]
	}
	return ""
}

// searchWords gives the words that a locator looks for.
func (s *StepContext) searchWords(l specs.Locator) (words []string, err error) {
	texts, err := s.texts(l.Name, l.Label, l.Text, l.Placeholder, l.TestID, l.Selector)
	if err != nil {
		return nil, err
	}
	for _, text := range texts[:5] {
		if text != "" {
			words = append(words, text)
		}
	}
	selector := texts[5]
	for _, m := range selectorNames.FindAllStringSubmatch(selector, -1) {
		words = append(words, m[1]+m[2]+m[3])
	}
	if len(words) == 0 {
		words = word.FindAllString(selector, -1)
	}
	return words, nil
}
