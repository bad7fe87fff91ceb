package steps

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/playwright-community/playwright-go"
)

// fieldJS is what a form field holds, null for an element that is none: of a select the
// labels, of a box whether it is ticked, of a file field the files' names. id names the
// element, of radio buttons the group, of which one alone is ticked. shows tells whether
// the page shows all of some names.
const fieldJS = `(el, names) => {
	if (!el.matches('input, textarea, select') && !el.isContentEditable) el = el.closest('label')?.control || el;
	const role = el.getAttribute('role') || '', box = el.matches('input[type=checkbox], input[type=radio]');
	const chosen = el.matches('select') ? [...el.selectedOptions].map(o => [o.value, o.label]) : null;
	let text = null;
	if (chosen) text = chosen.map(o => o[1]).join(', ');
	else if (box || /^(checkbox|radio|switch|menuitemcheckbox|menuitemradio)$/.test(role)) text = (box ? el.checked : el.ariaChecked === 'true') ? 'ticked' : 'not ticked';
	else if (el.isContentEditable) text = el.innerText;
	else if (el.matches('input, textarea')) text = el.type === 'file' ? [...el.files].map(f => f.name).join(', ') : el.value;
	if (text === null) return null;
	const ids = globalThis[Symbol.for('field ids')] ??= new WeakMap();
	const idOf = x => { if (!ids.has(x)) ids.set(x, String(Math.random())); return ids.get(x); };
	let id = idOf(el);
	if (el.type === 'radio' && el.name) id = idOf(el.form || document) + el.name;
	else if (/radio$/i.test(role) && el.closest('[role=radiogroup]')) id = idOf(el.closest('[role=radiogroup]'));
	const at = el.getRootNode().activeElement, html = names.length ? document.documentElement.outerHTML + document.body.innerText : '';
	return {
		text, chosen: chosen || [], id, password: el.type === 'password', most: el.maxLength >= 0 ? el.maxLength : -1, document: performance.timeOrigin,
		left: !!at && at !== el && (at.matches('input, textarea') || at.isContentEditable),
		shows: names.every(n => html.includes(n)),
	};
}`

// ticked and unticked are what fieldJS says of a box.
const (
	ticked   = "ticked"
	unticked = "not ticked"
)

// fieldState is what fieldJS gives.
type fieldState struct {
	text                  string
	chosen                []chosenOption
	id                    string
	password, left, shows bool
	most                  int
	document              any
}

// chosenOption is an option that is chosen in a select.
type chosenOption struct{ value, label string }

// readField reads a form field; nil when the element is none, or is no longer there.
func (s *StepContext) readField(ctx context.Context, what string, loc playwright.Locator, names ...string) (*fieldState, error) {
	if element, is := loc.(StaticElement); is {
		return readStaticField(ctx, what, element)
	}
	limited, cancel := context.WithTimeout(ctx, time.Second)
	defer cancel()
	got, err := Call(limited, what, func() (map[string]any, error) { return lookAtField(limited, loc, names) })
	switch {
	case err == nil:
	case ctx.Err() == nil && (errors.Is(err, ErrTimeout) || IsNavigating(err)):
		return nil, nil
	default:
		return nil, err
	}
	if got == nil {
		return nil, nil
	}
	f := &fieldState{most: -1, document: got["document"]}
	f.text, _ = got["text"].(string)
	f.id, _ = got["id"].(string)
	f.password, _ = got["password"].(bool)
	f.left, _ = got["left"].(bool)
	f.shows, _ = got["shows"].(bool)
	if n, ok := got["most"].(float64); ok {
		f.most = int(n)
	}
	list, _ := got["chosen"].([]any)
	for _, one := range list {
		if pair, ok := one.([]any); ok && len(pair) == 2 {
			f.chosen = append(f.chosen, chosenOption{fmt.Sprint(pair[0]), fmt.Sprint(pair[1])})
		}
	}
	return f, nil
}
