package steps_test

import (
	"errors"
	"strings"
	"testing"

	"pipe/pipeline"
	"pipe/steps"
)

// A field must hold what was put into it, be it as a mask writes it. What a mask or a
// script has eaten is put in again, key by key, or told.
func TestFillReadsBack(t *testing.T) {
	t.Parallel()
	s := show(t, `<input id=phone><input id=once><input id=keys><input id=short maxlength=4><input id=deaf><input id=eats>
		<input id=pw type=password maxlength=4><input id=amount><input id=late><input id=chips><input id=code value=X->
		<div id=rich contenteditable></div><input id=one maxlength=1><input id=two maxlength=1><label>Named <input id=named></label><button id=go>Go</button>
		<script>
		const digits = e => e.value.replace(/\D/g, '');
		phone.oninput = () => { const d = digits(phone); phone.value = '(' + d.slice(0, 3) + ') ' + d.slice(3, 6) + '-' + d.slice(6, 10); };
		amount.onchange = amount.oninput = () => setTimeout(() => { amount.value = Number(amount.value.replace(/,/g, '')).toLocaleString('en-US', {minimumFractionDigits: 2}); }, 30);
		let emptied = false;
		once.oninput = () => { if (!emptied) { emptied = true; once.value = ''; } };
		let keyed = '';
		keys.onkeypress = e => { keyed += e.key; };
		keys.oninput = () => { if (!keys.value) keyed = ''; keys.value = keyed; };
		deaf.oninput = () => { deaf.value = 'North'; };
		eats.oninput = () => { eats.value = digits(eats); };
		chips.oninput = () => { chips.value = ''; };
		one.oninput = () => two.focus();
		</script>`)
	s.do(`fill: {selector: "#phone", value: "5551234567"}`, `fill: {selector: "#amount", value: "1234.5"}`, `fill: {label: Named, value: x}`,
		`fill: {selector: "#rich", value: "some text"}`, `fill: {selector: "label", value: "by its label"}`)
	s.is("[phone.value, amount.value, named.value].join('|')", "(555) 123-4567|1,234.50|by its label")
	s.do(`fill: {selector: "#once", value: AB1}`, `fill: {selector: "#keys", value: AB1}`)
	s.is("[once.value, keys.value].join('|')", "AB1|AB1")
	s.fails(`"#deaf" holds "North", not "AB1"`, `fill: {selector: "#deaf", value: AB1}`)
	s.fails(`"#eats" holds "17", not "AB-17"`, `fill: {selector: "#eats", value: AB-17}`)
	s.fails(`"#deaf" holds "North", not what fits "South*"`, `fill: {selector: "#deaf", value: AB1, holds: "South*"}`)
	s.do(`fill: {selector: "#deaf", value: AB1, holds: "Nor*"}`, `fill: {selector: "#chips", value: AB1, holds: "*"}`)
	err := s.try(`fill: {selector: "#short", value: AB123}`)
	var field *steps.FieldError
	if !errors.As(err, &field) || field.Most != 4 || !strings.Contains(err.Error(), `takes 4 characters at most`) {
		t.Errorf("got %v", err)
	}
	if class, _ := pipeline.Classify(err); class != pipeline.Spec {
		t.Errorf("the class is %s", class)
	}
	err = s.try(`fill: {selector: "#pw", value: hush-hush}`)
	if err == nil || strings.Contains(err.Error(), "hush") {
		t.Errorf("got %v", err)
	}
	s.Values = s.Values.With("secret", map[string]any{"CODE": "open-sesame"})
	if err = s.try(`fill: {selector: "#eats", value: open-sesame}`); err == nil || strings.Contains(err.Error(), "sesame") {
		t.Errorf("got %v", err)
	}
	t.Run("type", func(*testing.T) {
		s.do(`type: {selector: "#code", value: "17"}`, `type: {selector: "#one", value: "12"}`, `type: {selector: "#named", value: "!\n"}`)
		s.is("[code.value, one.value + two.value].join('|')", "17X-|12")
		s.fails(`"#deaf" holds "North"`, `fill: {selector: "#deaf", value: "", holds: "*"}`, `type: {selector: "#deaf", value: AB1}`)
		s.fails("takes 4 characters at most", `fill: {selector: "#short", value: ""}`, `type: {selector: "#short", value: AB123}`)
	})
}

// A page that comes to life after it was filled may empty its fields: they are filled
// again before anything is done about them.
func TestFillEmptiedLater(t *testing.T) {
	t.Parallel()
	body := `<div id=app><input id=a value=old><input id=b></div><button id=go onclick="document.title = a.value + b.value">Go</button>`
	emptying := `evaluate: "app.innerHTML = app.innerHTML"`
	for name, act := range map[string]string{"click": "click: '#go'", "press": "press: {selector: '#go', key: Enter}"} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := show(t, body)
			s.do(`fill: {selector: "#a", value: A1}`, `type: {selector: "#b", value: B2}`, emptying, act)
			s.is("document.title", "A1B2")
			// What the site does after that is its own matter.
			s.do(emptying, act)
			s.is("document.title", "old")
		})
	}
	t.Run("changed", func(t *testing.T) {
		t.Parallel()
		s := show(t, body)
		s.fails(`"#a" holds "other"`, `fill: {selector: "#a", value: A1}`, `evaluate: "a.value = 'other'"`, "click: '#go'")
	})
}
