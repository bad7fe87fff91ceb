package steps

import (
	"encoding/json"
	"slices"

	"github.com/playwright-community/playwright-go"
)

// maskedElementsJS gives the elements below another, those of shadow roots too, that are
// for a password, whose value holds one of the texts, or that are the innermost to show
// one, whatever it is made of.
const maskedElementsJS = `(on, texts) => {
	texts = texts.map(t => t.toLowerCase());
	const found = new Set();
	const holds = text => typeof text === 'string' && text !== '' && (text = text.toLowerCase(), texts.some(t => text.includes(t)));
	const shows = e => holds(e.textContent) || holds(e.textContent.replace(/\s+/g, ' '));
	const narrow = e => {
		const inner = [...e.children].filter(c => !c.matches('script, style, template') && shows(c));
		if (inner.length) inner.forEach(narrow);
		else if (e.nodeType === Node.ELEMENT_NODE) found.add(e);
		else if (e.host) found.add(e.host);
	};
	const within = root => {
		for (const e of root.querySelectorAll('*')) {
			if (e.shadowRoot) within(e.shadowRoot);
			if (e.matches('input[type=password], input[autocomplete*=password], input[autocomplete=one-time-code]') || holds(e.value) || holds(e.placeholder) || holds(e.alt)) found.add(e);
		}
		const top = root.body || root;
		if (shows(top)) narrow(top);
	};
	within(on);
	return [...found];
}`

// coveredAttribute marks the elements that no picture may show while coverStyle hides them:
// the masks of the driver stay where they were laid, and the page may move what is below
// them before the picture is taken.
const (
	coveredAttribute = "data-pipe-covered"
	coverStyle       = `[` + coveredAttribute + `], [` + coveredAttribute + `] * { visibility: hidden !important; }`
)

// CoverSecrets has a picture show neither fields for passwords, nor what shows one of the
// texts, nor the fields given. What shows a text is found in the driver's own world, where
// the page's scripts do not see for what is looked.
func CoverSecrets(page playwright.Page, texts []string, fields []playwright.Locator, opts *playwright.PageScreenshotOptions) {
	opts.Style = playwright.String(coverStyle)
	for _, field := range fields {
		opts.Mask = append(opts.Mask, field.Locator(coverEngine+"=any"))
	}
	arg, err := json.Marshal(append([]string{}, texts...))
	if err != nil {
		return // strings can be marshalled
	}
	for _, frame := range page.Frames() {
		if !frame.IsDetached() {
			opts.Mask = append(opts.Mask, frame.Locator(secretEngine+"="+string(arg)))
		}
	}
}

// SecretFields are the fields that a secret was put into.
func (s *StepContext) SecretFields() []playwright.Locator { return slices.Clone(s.secretFields) }
