package steps_test

import (
	"reflect"
	"testing"
)

func TestExtract(t *testing.T) {
	t.Parallel()
	s := show(t, `<b id=vin> 1FT <i>9</i> </b><input id=in value=typed><a href="/x" class=l>l</a><a class=l>l</a>
		<script>setTimeout(() => vin.textContent = '1FT 9 late', 0)</script>`)
	s.do(`extract: {name: page, fields: {vin: {text_of: "#vin"}, field: {value_of: "#in"}, href: {attribute_of: {selector: .l, attribute: href}}, links: {count_of: .l}, none: {text_of: "#none", absent: empty}, zero: {count_of: "#none"}, sum: "${{ 1 + 1 }}"}}`,
		`expect: ${{ steps.page.links == 2 }}`)
	got := s.Values["steps"].(map[string]any)["page"]
	want := map[string]any{"vin": "1FT 9 late", "field": "typed", "href": "/x", "links": 2, "none": nil, "zero": 0, "sum": 2}
	if !reflect.DeepEqual(got, want) {
		t.Errorf("got %#v\nwant %#v", got, want)
	}
	s.do(`extract: {name: number, fields: {nine: {text_of: "#vin", match: "1FT ([0-9])", type: int, required: true}}}`, `expect: steps.number.nine == 9`)
	s.fails(`nine is "1FT 9 late", no whole number`, `extract: {fields: {nine: {text_of: "#vin", type: int}}}`)
	s.quick(func() { s.fails("reading vin", `extract: {timeout: 300ms, fields: {vin: {text_of: "#none"}}}`) })
}
