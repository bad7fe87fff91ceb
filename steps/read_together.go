package steps

import (
	"context"
	"encoding/json"
	"fmt"
	"strings"
	"sync/atomic"
	"time"

	"github.com/playwright-community/playwright-go"

	"pipe/specs"
)

// readJS reads an element as ReadValue does; null where that is for the driver to do.
const readJS = `(el, w) => {
	switch (w.what) {
	case 'text': return el instanceof HTMLElement ? el.innerText : null;
	case 'value': return el.matches('input, textarea, select') ? el.value : null;
	case 'attribute': return el.getAttribute(w.name) ?? '';
	default: return '';
	}
}`

// readRounds numbers the rounds of reading together: what one has left in a page that
// moved on is no other's.
var readRounds atomic.Int64

// togetherLimit bounds a reading of several values at once: what is not there by then is
// read by itself.
const togetherLimit = time.Second

// ReadTogether takes from the page, at the cost of one command, those values that it
// shows at this moment, and that are more than one: by their names. The others are to be
// read by ReadValue, which waits for them.
func (s *StepContext) ReadTogether(ctx context.Context, fields []specs.Field) map[string]any {
	if s.static() != nil {
		return nil // a look costs no command there
	}
	round := readRounds.Add(1)
	var all playwright.Locator
	var asked []specs.Field
	for _, f := range fields {
		what, t := readOne(f.Read)
		loc, err := s.locate(t)
		if what == "" || err != nil || s.details != nil || s.root != nil || inFrame(t) {
			continue
		}
		if what != "count" {
			loc = loc.First()
		}
		arg := map[string]any{"round": round, "at": len(asked), "what": what}
		if f.Read.AttrOf != nil {
			arg["name"] = f.Read.AttrOf.Attribute
		}
		text, err := json.Marshal(arg)
		if err != nil {
			continue
		}
		loc = loc.Locator(readEngine + "=" + string(text))
		if asked = append(asked, f); all == nil {
			all = loc
		} else {
			all = all.Or(loc)
		}
	}
	if len(asked) < 2 {
		return nil
	}
	answer := all.Or(s.Page.Locator("html").Locator(fmt.Sprintf("%s=%d", answerEngine, round)))
	ctx, cancel := context.WithTimeout(ctx, togetherLimit)
	defer cancel()
	text, err := Call(ctx, "reading the page", func() (string, error) {
		return answer.TextContent(playwright.LocatorTextContentOptions{Timeout: timeoutMillis(ctx)})
	})
	var read [][]*string
	if err != nil || json.Unmarshal([]byte(text), &read) != nil {
		return nil
	}
	return valuesRead(asked, read)
}

// valuesRead gives the values of the fields, by what was read of each field's elements.
func valuesRead(fields []specs.Field, read [][]*string) map[string]any {
	values := map[string]any{}
	for i, f := range fields {
		var of []*string
		if i < len(read) {
			of = read[i]
		}
		switch {
		case f.Read.CountOf.Given():
			values[f.Name] = len(of)
		case len(of) == 0 && f.Read.Absent == "empty":
			values[f.Name] = nil
		case len(of) == 0 || of[0] == nil:
		case f.Read.TextOf.Given():
			values[f.Name] = strings.TrimSpace(*of[0])
		default:
			values[f.Name] = *of[0]
		}
	}
	return values
}

// readOne tells what is read, and of which target; "" for what is not read together.
func readOne(r specs.Read) (string, specs.Target) {
	switch {
	case r.RowsOf != nil:
		return "", specs.Target{}
	case r.CountOf.Given():
		return "count", r.CountOf
	case r.TextOf.Given():
		return "text", r.TextOf
	case r.ValueOf.Given():
		return "value", r.ValueOf
	case r.AttrOf != nil:
		return "attribute", r.AttrOf.Target
	default:
		return "", specs.Target{}
	}
}

// inFrame tells whether a target is within a frame: one command reaches one frame.
func inFrame(t specs.Target) bool {
	for _, l := range t.Any {
		if len(l.Frame) > 0 {
			return true
		}
	}
	return false
}
