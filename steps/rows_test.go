package steps_test

import (
	"fmt"
	"testing"
)

func TestRowsOf(t *testing.T) {
	t.Parallel()
	s := show(t, `<table><tr><td>a<td>1<tr><td>b<td></table>`)
	s.do(`extract: {name: t, fields: {rows: {rows_of: {rows: tr, fields: {name: {text_of: "td >> nth=0"}, n: {text_of: "td:nth-child(2)"}}}}, none: {absent: empty, rows_of: {rows: .x, fields: {a: {text_of: b}}}}}}`,
		`expect: len(steps.t.rows) == 2 && steps.t.rows[0].name == "a" && steps.t.rows[0].n == "1" && steps.t.rows[1].n == "" && len(steps.t.none) == 0`)
}

// Rows are read as they are at one moment, whatever a script does to them.
func TestRowsAtOneMoment(t *testing.T) {
	t.Parallel()
	s := show(t, `<table><tbody id=b></table><script>let n = 0;
		setInterval(() => { n++; b.innerHTML = [1, 2, 3].map(i => '<tr><td class=a>' + (n + i) + '<td class=c><i>' + (n + i) + '</i><tr><td colspan=2 class=d>' + (n + i)).join('') + '<tr class=sum><td>all'; }, 1);</script>`)
	s.do(`extract: {name: t, fields: {rows: {rows_of: {rows: tr, span: 2, skip: .sum, fields: {a: {text_of: .a}, c: {text_of: "td i"}, d: {text_of: .d}}}}}}`,
		`expect: len(steps.t.rows) == 3 && all(steps.t.rows, .a == .c && .a == .d) && int(steps.t.rows[2].a) == int(steps.t.rows[0].a) + 2`)
	s.fails("name what is in them by plain CSS", `extract: {name: t, fields: {rows: {rows_of: {rows: tr, span: 2, skip: .sum, fields: {a: {text_of: "td:visible"}}}}}}`)
}

// What plain CSS cannot say is read value by value, to the same effect.
func TestRowsByOtherSelectors(t *testing.T) {
	t.Parallel()
	s := show(t, `<div class=w><p class=r>1 <b>x</b></p><p class=r>2 <a href=/y title=t>y</a></p><p class="r sum">3</p><p class=r><x-y></x-y></p><p class=r><input value=v></p></div>
		<script>document.querySelector('x-y').attachShadow({mode: 'open'}).innerHTML = '<b>deep</b>'</script>`)
	fields := `fields: {b: {text_of: ["b%s", "a"], absent: empty}, n: {count_of: "p.r *"}, in: {count_of: ".w b"}, to: {attribute_of: {selector: a, attribute: href}, absent: empty}, v: {value_of: input, absent: empty}}`
	want := `expect: len(steps.t.rows) == 4 && steps.t.rows[0].b == "x" && steps.t.rows[1].b == "y" && steps.t.rows[2].b == "deep" && steps.t.rows[3].b == "" && steps.t.rows[1].to == "/y" && steps.t.rows[3].v == "v" && steps.t.rows[0].n == 0 && steps.t.rows[0].in == 0`
	for _, more := range []string{"", ":visible"} {
		s.do(`extract: {name: t, fields: {rows: {rows_of: {rows: .r, skip: .sum, `+fmt.Sprintf(fields, more)+`}}}}`, want)
	}
	s.do("evaluate: document.querySelector('x-y').parentElement.remove()", `extract: {name: t, fields: {rows: {rows_of: {rows: .r, skip: .sum, `+fmt.Sprintf(fields, "")+`}}}}`,
		`expect: len(steps.t.rows) == 3 && steps.t.rows[1].b == "y" && steps.t.rows[1].to == "/y" && steps.t.rows[2].v == "v" && steps.t.rows[0].n == 0 && steps.t.rows[0].in == 0`)
}
