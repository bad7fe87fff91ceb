package steps

import (
	"strings"

	"github.com/playwright-community/playwright-go"

	"pipe/specs"
	"pipe/specs/expr"
)

// locate gives the target's locator: its alternatives joined by or.
func (s *StepContext) locate(t specs.Target) (playwright.Locator, error) {
	if s.Healer != nil {
		t = s.Healer.Replacement(t)
	}
	var all playwright.Locator
	for _, l := range t.Any {
		one, err := s.locator(l)
		if err != nil {
			return nil, err
		}
		if all == nil {
			all = one
		} else {
			all = all.Or(one)
		}
	}
	return all, nil
}

// locator gives the elements that one alternative of a target stands for.
func (s *StepContext) locator(l specs.Locator) (playwright.Locator, error) {
	texts, err := s.texts(l.Selector, l.Name, l.Label, l.Text, l.Placeholder, l.TestID)
	if err != nil {
		return nil, err
	}
	frame, err := s.frame(l)
	if err != nil {
		return nil, err
	}
	by := locatorTexts{selector: texts[0], name: texts[1], label: texts[2], text: texts[3], placeholder: texts[4], testID: texts[5]}
	var found playwright.Locator
	switch {
	case s.root != nil && frame != "":
		found = findInFrame(s.root.FrameLocator(frame), l, by)
	case s.root != nil && by.selector == ":scope":
		found = s.root
	case s.root != nil:
		found = findInElement(s.root, l, by)
	case frame != "":
		found = findInFrame(s.Page.FrameLocator(frame), l, by)
	default:
		found = findOnPage(s.Page, l, by)
	}
	if l.Nth != nil {
		found = found.Nth(*l.Nth)
	}
	return found, nil
}

// enterFrame is how Playwright's own selectors go from a frame to one within it.
const enterFrame = " >> internal:control=enter-frame >> "

// frame gives one selector for the frame that holds a locator's element, ""
// for the page itself.
func (s *StepContext) frame(l specs.Locator) (string, error) {
	frames, err := s.texts(l.Frame...)
	return strings.Join(frames, enterFrame), err
}

func (s *StepContext) texts(templates ...expr.Template) ([]string, error) {
	return evaluateTexts(s.Values, templates...)
}

func evaluateTexts(values expr.Values, templates ...expr.Template) ([]string, error) {
	out := make([]string, len(templates))
	for i, t := range templates {
		text, err := t.Text(values)
		if err != nil {
			return nil, err
		}
		out[i] = text
	}
	return out, nil
}

// firstAlternative gives the target's locator; of alternatives, the first that is there.
func (s *StepContext) firstAlternative(t specs.Target) (playwright.Locator, error) {
	loc, err := s.locate(t)
	if err == nil && len(t.Any) > 1 {
		loc = loc.First()
	}
	return loc, err
}
