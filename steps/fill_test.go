package steps_test

import "testing"

func TestFill(t *testing.T) {
	t.Parallel()
	s := show(t, `<label>Stock number <input id=stock value=old></label><textarea id=notes></textarea><input id=off disabled>
		<input id=p placeholder="VIN"><input data-testid=t id=tid>`)
	s.do(`fill: {label: Stock number, value: "${{ item.ref }}"}`, `fill: {selector: "#notes", value: "two\nlines"}`,
		`fill: {placeholder: VIN, value: v}`, `fill: {test_id: t, value: w}`)
	s.is("[stock.value, notes.value, p.value, tid.value].join('|')", "A1|two\nlines|v|w")
	s.do(`fill: {selector: "#stock", value: ""}`)
	s.is("stock.value", "")
	s.fails("it is disabled", `fill: {selector: "#off", value: x, timeout: 500ms}`)
}
