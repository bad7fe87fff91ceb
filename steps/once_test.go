package steps_test

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"pipe/specs"
	"pipe/steps"
)

// notes is a ledger of the steps that are done once, which tells what it was told.
type notes struct {
	entries map[string]*steps.OnceEntry
	told    []string
}

func (n *notes) Find(_ context.Context, step *specs.Step, _ map[string]string) (*steps.OnceEntry, error) {
	return n.entries[step.Name], nil
}

func (n *notes) Begin(_ context.Context, step *specs.Step, item map[string]string) error {
	n.told = append(n.told, "begin "+step.Name)
	n.entries[step.Name] = &steps.OnceEntry{Begun: time.Now(), Item: item}
	return nil
}

func (n *notes) TakeBack(_ context.Context, step *specs.Step) error {
	n.told = append(n.told, "take back "+step.Name)
	delete(n.entries, step.Name)
	return nil
}

func (n *notes) Finish(_ context.Context, step *specs.Step, found steps.Found) error {
	n.told = append(n.told, fmt.Sprint("finish ", step.Name, " ", found.Steps, " ", found.Vars))
	n.entries[step.Name].Done, n.entries[step.Name].Found = true, &found
	return nil
}

func (n *notes) Doubt(_ context.Context, step *specs.Step) error {
	n.told = append(n.told, "doubt "+step.Name)
	return nil
}

const orderForm = `<input id=ref><select id=branch><option>North<option>South</select><label><input id=agree type=checkbox>I agree</label>
	<button id=open onclick="opened = (window.opened || 0) + 1">Open</button>
	<button id=send onclick="sent = (window.sent || 0) + 1; receipt.hidden = false; number.textContent = '1234'">Send</button>
	<div id=cover style="display:none;position:fixed;inset:0"><button id=no onclick="cover.remove()">No thanks</button></div>
	<p id=receipt hidden>Thank you: <b id=number></b></p>`

// What is done once is noted before it acts, and not before nothing is in its way.
func TestOnceOnPage(t *testing.T) {
	t.Parallel()
	s := show(t, orderForm)
	values := s.Values
	var uncertain *steps.UncertainError
	const block = `{name: order, once: true, do: [{click: {selector: "#open", writes: false}}, {fill: {selector: "#ref", value: "${{ item.ref }}"}}, {select: {selector: "#branch", option: South}}, {check: "#agree"}, {click: "#send"}, {wait: "#receipt"}, {extract: {name: receipt, fields: {number: {text_of: "#number"}}}}, {set: {sent: "yes"}}]}`
	for _, c := range []struct {
		name, before string
		steps        []string
		told, err    string
		uncertain    bool
		sent         int
	}{
		{name: "a click", steps: []string{`{name: order, once: true, click: "#send"}`}, told: "begin order; finish order map[order:<nil>] map[]", sent: 1},
		{name: "a block", steps: []string{block}, told: "begin order; finish order map[order:<nil> receipt:map[number:1234]] map[sent:yes]", sent: 1},
		{name: "not there", steps: []string{`{name: order, once: true, click: "#none"}`}, err: "no element matches"},
		{name: "several", steps: []string{`{name: order, once: true, click: "button"}`}, err: "strict mode"},
		{name: "several, by force", steps: []string{`{name: order, once: true, click: {selector: "button", force: true}}`}, err: "strict mode"},
		{name: "several fields", steps: []string{`{name: order, once: true, fill: {selector: "input", value: a}}`}, err: "strict mode"},
		{name: "no field", steps: []string{`{name: order, once: true, select: {selector: "#ref", option: a}}`}, told: "begin order; take back order", err: "<select>"},
		{name: "covered", before: "cover.style.display = 'block'", steps: []string{`{name: order, once: true, click: "#send"}`}, err: "covered by"},
		{name: "disabled", before: "send.disabled = true", steps: []string{block}, err: "it is disabled"},
		{name: "optional and not there", steps: []string{`{name: order, once: true, optional: true, click: "#none"}`, `click: "#open"`}},
		{
			name: "passed over, and covering it", before: "setTimeout(() => { cover.style.display = 'block' }, 100)", sent: 1,
			steps: []string{`click: {selector: "#no", optional: true}`, `click: "#open"`, `evaluate: "window.cover && (cover.style.display = 'block')"`, `{name: order, once: true, click: "#send"}`},
			told:  "begin order; finish order map[order:<nil>] map[]",
		},
		{name: "no receipt", before: "receipt.remove()", steps: []string{block}, told: "begin order", err: `"order" is to be done once, and failed after it had begun`, uncertain: true, sent: 1},
		{name: "a script", steps: []string{`{name: order, once: true, evaluate: "window.sent = (window.sent || 0) + 1"}`}, told: "begin order; finish order map[order:1] map[]", sent: 1},
		{name: "a key", before: "send.focus()", steps: []string{`{name: order, once: true, press: Enter}`}, told: "begin order; finish order map[order:<nil>] map[]", sent: 1},
		{name: "by force", steps: []string{`{name: order, once: true, click: {selector: "#send", force: true}}`}, told: "begin order; finish order map[order:<nil>] map[]", sent: 1},
		{
			name: "a field that the page changes", before: "ref.oninput = () => { sent++; ref.value = 'other' }", sent: 1,
			steps: []string{`{name: order, once: true, fill: {selector: "#ref", value: a}}`}, told: "begin order", err: "the page changes what is put into it", uncertain: true,
		},
		{
			name: "a field that the page empties", before: "agree.onchange = () => { ref.value = '' }", sent: 1,
			steps: []string{`{name: order, once: true, do: [{fill: {selector: "#ref", value: a}}, {check: "#agree"}, {click: "#send"}]}`},
			told:  "begin order; finish order map[order:<nil>] map[]",
		},
		{name: "an address", steps: []string{`{name: order, once: true, goto: "${{ env.SITE }}/broken"}`}, told: "begin order", err: "502", uncertain: true},
	} {
		if _, err := s.Page.Goto(s.url); err != nil {
			t.Fatal(err)
		}
		if _, err := s.Page.Evaluate("() => { window.sent = 0; " + c.before + " }"); err != nil {
			t.Fatal(err)
		}
		n := &notes{entries: map[string]*steps.OnceEntry{}}
		s.StepContext = &steps.StepContext{Page: s.Page, Files: s.Files, StepTimeout: time.Second, Values: values, Once: n}
		err := s.try(c.steps...)
		if got := strings.Join(n.told, "; "); got != c.told || (err == nil) != (c.err == "") || err != nil && !strings.Contains(err.Error(), c.err) || errors.As(err, &uncertain) != c.uncertain {
			t.Errorf("%s: told %q (%v), want %q (%s)", c.name, got, err, c.told, c.err)
		}
		if c.name != "an address" {
			s.is("sent", c.sent)
		}
	}
	t.Run("done before", func(t *testing.T) {
		if _, err := s.Page.Goto(s.url); err != nil {
			t.Fatal(err)
		}
		s.t = t
		s.Once = &notes{entries: map[string]*steps.OnceEntry{"order": {Done: true, Begun: time.Now(), Found: &steps.Found{
			Steps: map[string]any{"order": nil, "receipt": map[string]any{"number": int64(77)}}, Vars: map[string]any{"sent": "yes"},
		}}}}
		s.do(strings.Replace(block, "once: true,", `once: true, if: 'item.ref == "B"',`, 1), `expect: steps.receipt.number == 77 && vars.sent == "yes"`)
		s.is("window.sent", nil)
	})
}
