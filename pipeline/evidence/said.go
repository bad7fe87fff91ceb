package evidence

import (
	"context"
	"fmt"
	"strings"

	"pipe/steps"
)

// The most that is read of what a page says: texts, of each document, and their size;
// documents; and how big a page may be for its copy to be made, since all of it is in
// memory then.
const (
	textsMost  = 20
	readMost   = 20_000
	framesMost = 10
	copyMost   = 64 << 20
)

// saidJS gives what a document says: its title, its alerts, what it has against what was
// filled in, and how much it and its resources are.
var saidJS = fmt.Sprintf(`(() => {
	const most = %d, size = %d, messages = new Set((%s)([most, size]));
	let invalid = [];
	try { invalid = [...document.querySelectorAll(':user-invalid, [aria-invalid=true]')]; } catch {}
	for (const e of invalid.slice(0, most)) {
		if (e.matches('form, fieldset')) continue;
		const named = (e.getAttribute('aria-errormessage') || e.getAttribute('aria-describedby') || '').split(/\s+/);
		const text = named.map(id => id && document.getElementById(id)?.innerText || '').join(' ').trim() || e.validationMessage || '';
		const label = e.labels?.[0]?.innerText || e.getAttribute('aria-label') || e.name || e.placeholder || e.localName;
		if (text) messages.add((label.trim() + ': ' + text).slice(0, size));
	}
	const bytes = performance.getEntriesByType('resource').reduce((n, e) => n + e.decodedBodySize, document.documentElement?.outerHTML.length || 0);
	return {title: document.title, messages: [...messages], bytes};
})()`, textsMost, readMost, steps.AlertsJS)

// documentSaid is what saidJS gives.
type documentSaid struct {
	Title    string
	Messages []string
	Bytes    int64
}

// said reads what the page's documents say, each in a world of our own, which the page's
// scripts do not see.
func (t *tab) said(ctx context.Context, m *Messages) error {
	frames, err := t.frames(ctx)
	if err != nil {
		return err
	}
	for i, id := range frames {
		var d documentSaid
		if err := t.evaluate(ctx, id, saidJS, &d); err != nil {
			if i == 0 {
				return err
			}
			continue // a frame comes and goes
		}
		if i == 0 {
			m.Title = d.Title
		}
		t.bytes += d.Bytes
		for _, text := range d.Messages {
			if len(text) >= readMost { // what was cut may be half a secret
				text = text[:strings.LastIndexAny(text, " \n")+1]
			}
			m.Messages = append(m.Messages, steps.OneLine(text))
		}
	}
	return nil
}

// frames are the page's frames, its main one first, as far as they are its process's.
func (t *tab) frames(ctx context.Context) (ids []string, err error) {
	type tree struct {
		Frame       struct{ ID string }
		ChildFrames []tree
	}
	var answer struct{ FrameTree tree }
	if err := t.ask(ctx, "Page.getFrameTree", nil, &answer); err != nil {
		return nil, err
	}
	for level := []tree{answer.FrameTree}; len(level) > 0 && len(ids) < framesMost; {
		ids, level = append(ids, level[0].Frame.ID), append(level[1:], level[0].ChildFrames...)
	}
	return ids, nil
}

// evaluate evaluates an expression in a world of our own in a frame.
func (t *tab) evaluate(ctx context.Context, frame, expression string, into any) error {
	var world struct{ ExecutionContextID int }
	if err := t.ask(ctx, "Page.createIsolatedWorld", map[string]any{"frameId": frame, "worldName": "evidence"}, &world); err != nil {
		return err
	}
	var answer struct {
		Result           struct{ Value any }
		ExceptionDetails *struct{ Text string }
	}
	err := t.ask(ctx, "Runtime.evaluate", map[string]any{
		"expression": expression, "contextId": world.ExecutionContextID, "returnByValue": true, "timeout": askLimit.Milliseconds(),
	}, &answer)
	switch {
	case err != nil:
		return err
	case answer.ExceptionDetails != nil:
		return fmt.Errorf("reading the page: %s", answer.ExceptionDetails.Text)
	default:
		return recode(answer.Result.Value, into)
	}
}
