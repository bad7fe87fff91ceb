package main

import (
	"context"
	"encoding/json"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/coder/websocket"
	"github.com/coder/websocket/wsjson"
)

// hand works the mouse and the keyboard of a browser's window, as a person does: by the
// browser's own protocol, since a second driver at the window would take the first one's
// calls for its own.
type hand struct {
	t    *testing.T
	ctx  context.Context
	port string
	page *websocket.Conn
	next int
	// state is that of a page which is ready: "complete", or "interactive" for one that never
	// ends to load.
	state string
	// downloads is the folder in which the browser saves.
	downloads string
}

// openHand takes the window of the browser that listens at a port.
func openHand(t *testing.T, port string) *hand {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), 5*time.Minute)
	t.Cleanup(cancel)
	h := &hand{t: t, ctx: ctx, port: port, state: "complete"}
	h.take("")
	return h
}

func (h *hand) must(err error) {
	h.t.Helper()
	if err != nil {
		h.t.Fatal(err)
	}
}

// call asks the browser for something and gives its answer.
func (h *hand) call(method string, params map[string]any) (map[string]any, error) {
	h.t.Helper()
	h.next++
	h.must(wsjson.Write(h.ctx, h.page, map[string]any{"id": h.next, "method": method, "params": params}))
	for {
		var m struct {
			ID     int
			Result map[string]any
			Error  *struct{ Message string }
		}
		h.must(wsjson.Read(h.ctx, h.page, &m))
		switch {
		case m.ID != h.next:
		case m.Error != nil:
			return nil, fmt.Errorf("%s: %s", method, m.Error.Message)
		default:
			return m.Result, nil
		}
	}
}

// findJS waits until an element is in view, and the recorder at rest, and gives the
// element's place in the window. Selectors go through frames and shadow roots; of several
// that match it is the first which holds the text.
const findJS = `(selector, text, then, state = 'complete') => new Promise((resolve, reject) => {
	const end = Date.now() + 60000;
	const roots = root => [root, ...[...root.querySelectorAll('*')].flatMap(e =>
		[...(e.shadowRoot ? roots(e.shadowRoot) : []), ...(e.contentDocument ? roots(e.contentDocument) : [])])];
	const look = () => {
		const el = roots(document).flatMap(r => [...r.querySelectorAll(selector)]).find(e =>
			e.checkVisibility() && !e.disabled && (e.innerText || e.value || e.title || '').includes(text));
		const busy = el && el.ownerDocument.defaultView[Symbol.for('pipe.recorder')]?.busy !== 0;
		if (Date.now() > end) return reject('no ' + selector + ' ' + text + ' at ' + location.href + ': ' + document.body.innerText.slice(0, 500));
		const active = el?.ownerDocument.body.getAttribute('data-pw-cursor') === 'pointer';
		if (!el || busy || !active || (el.ownerDocument.readyState !== 'complete' && el.ownerDocument.readyState !== state)) return setTimeout(look, 20);
		el.scrollIntoView({block: 'center', behavior: 'instant'});
			let {x, y, width, height} = el.getBoundingClientRect();
			for (let w = el.ownerDocument.defaultView; w !== window; w = w.parent) {
				const box = w.frameElement.getBoundingClientRect();
				x += box.x + w.frameElement.clientLeft, y += box.y + w.frameElement.clientTop;
			}
			const view = el.ownerDocument.defaultView;
			if (view.clicked === undefined) view.addEventListener('click', () => view.clicked++, true);
			view.clicked = 0;
			if (then === 'focus') el.focus();
			window.found = el;
			resolve({x: x + Math.min(width, 60) / 2, y: y + height / 2});
	};
	look();
})`

// evaluate runs a function of JavaScript in the page, again where the page goes elsewhere
// meanwhile.
func (h *hand) evaluate(function string, args ...any) map[string]any {
	h.t.Helper()
	list, err := json.Marshal(append([]any{}, args...))
	h.must(err)
	for {
		got, err := h.call("Runtime.evaluate", map[string]any{
			"expression": "(" + function + ")(..." + string(list) + ")", "awaitPromise": true, "returnByValue": true,
		})
		if err != nil {
			if h.ctx.Err() == nil && (strings.Contains(err.Error(), "context") || strings.Contains(err.Error(), "navigated")) {
				continue
			}
			h.t.Fatal(err)
		}
		if got["exceptionDetails"] != nil {
			h.t.Fatalf("in the page: %v", got["exceptionDetails"])
		}
		result, _ := got["result"].(map[string]any)
		value, _ := result["value"].(map[string]any)
		return value
	}
}

// open opens an address on the site, as by the address bar.
func (h *hand) open(address string) {
	h.t.Helper()
	at := h.evaluate(`path => new Promise(resolve => {
		const look = () => location.pathname === '/login' || document.readyState !== 'complete' ? setTimeout(look, 20) : resolve({url: new URL(path, location.href).href});
		look();
	})`, address)
	_, err := h.call("Page.navigate", at)
	h.must(err)
}

// see waits until an element with a text is in view.
func (h *hand) see(selector, text string) map[string]any {
	h.t.Helper()
	return h.evaluate(findJS, selector, text, "", h.state)
}

// doneJS waits until the recorder has done in the page what it has kept a click for, or
// the page is another. A click that the recorder has taken for nothing is to be done again, as
// a person does where nothing happens.
const doneJS = `() => new Promise(resolve => {
	const began = Date.now();
	const look = () => {
		const view = window.found?.ownerDocument.defaultView;
		if (view?.clicked === 1 && !view[Symbol.for('pipe.recorder')].busy && Date.now() - began > 3000) return resolve({again: true});
		if (view && (view.clicked < 2 || view[Symbol.for('pipe.recorder')].busy)) return setTimeout(look, 20);
		resolve({});
	};
	look();
})`

// hover moves the mouse onto the element, and gives its place. What moves meanwhile, as the
// page does when the browser shows a bar above it, is gone after.
func (h *hand) hover(selector, text string) map[string]any {
	h.t.Helper()
	for {
		at := h.see(selector, text)
		for _, by := range []float64{2, 0} {
			_, err := h.call("Input.dispatchMouseEvent", map[string]any{"type": "mouseMoved", "x": at["x"].(float64) - by, "y": at["y"]})
			h.must(err)
		}
		if is := h.evaluate(`() => ({hovered: window.found?.matches(':hover')})`); is["hovered"] == true {
			return at
		}
	}
}

// click clicks the element, once it is in view.
func (h *hand) click(selector, text string) {
	h.t.Helper()
	for again := true; again; {
		h.press(h.hover(selector, text))
		again = h.evaluate(doneJS)["again"] == true
	}
}

// press presses the mouse at a place.
func (h *hand) press(at map[string]any) {
	h.t.Helper()
	for _, kind := range []string{"mouseMoved", "mousePressed", "mouseReleased"} {
		_, err := h.call("Input.dispatchMouseEvent", map[string]any{"type": kind, "button": "left", "clickCount": 1, "x": at["x"], "y": at["y"]})
		h.must(err)
	}
}

// enter presses Enter in the field that was written to, and waits for the page that comes.
func (h *hand) enter() {
	h.t.Helper()
	h.evaluate(`() => { window.before = true; return {}; }`)
	for _, event := range []map[string]any{{"type": "keyDown", "text": "\r"}, {"type": "keyUp"}} {
		event["key"], event["code"], event["windowsVirtualKeyCode"] = "Enter", "Enter", 13
		_, err := h.call("Input.dispatchKeyEvent", event)
		h.must(err)
	}
	eventually(h.t, "a page after Enter", func() bool { return h.evaluate(`() => ({before: Boolean(window.before)})`)["before"] != true })
}

// write clicks into a field and types.
func (h *hand) write(selector, text string) {
	h.t.Helper()
	h.click(selector, "")
	for _, r := range text {
		for _, event := range []map[string]any{{"type": "keyDown", "text": string(r)}, {"type": "keyUp"}} {
			event["key"] = string(r)
			_, err := h.call("Input.dispatchKeyEvent", event)
			h.must(err)
		}
	}
}

// choose takes the option with a text; the list of options is the system's own window, which
// the protocol does not reach.
func (h *hand) choose(selector, option string) {
	h.t.Helper()
	h.evaluate(findJS, selector, "", "focus", h.state)
	h.evaluate(`async option => {
		const el = window.found, find = () => [...el.options].find(o => o.label.includes(option));
		while (!find()) await new Promise(resolve => setTimeout(resolve, 20));
		const o = find();
		el.value = o.value;
		for (const type of ['input', 'change']) el.dispatchEvent(new Event(type, {bubbles: true}));
		return {};
	}`, option)
}

// restJS waits until the recorder has been at rest for longer than it waits for a second
// click, and tells whether it has done anything.
const restJS = `() => new Promise(resolve => {
	let rest = Date.now(), did = false;
	const look = () => {
		if (window[Symbol.for('pipe.recorder')]?.busy !== 0) rest = Date.now(), did = true;
		if (Date.now() - rest < 500) return setTimeout(look, 20);
		resolve({did});
	};
	look();
})`

// chosen tells whether an option with a text is the one that a field shows after a while.
func (h *hand) chosen(selector, option string) bool {
	h.t.Helper()
	h.evaluate(restJS)
	return h.evaluate(`(selector, option) => ({is: document.querySelector(selector).selectedOptions[0].label.includes(option)})`, selector, option)["is"] == true
}

// point clicks at what does not stand still, and does not mind what is hit.
func (h *hand) point(selector string) {
	h.t.Helper()
	for did := false; !did; {
		h.press(h.see(selector, ""))
		did = h.evaluate(restJS)["did"] == true
	}
}
