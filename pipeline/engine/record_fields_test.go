package engine_test

import (
	"encoding/json"
	"reflect"
	"strings"
	"testing"

	"pipe/pipeline"
)

// A record's values have their types; an item whose record is not as the spec
// wants it fails, and has none in place: one that is not there yet is tried again,
// one that cannot be read is not.
func TestValuesOfRecords(t *testing.T) {
	t.Parallel()
	n := newTestRun(t, newSite(t, good), 1, "source: {"+inlineRows+"}", `source: {items: [{ref: A, price: "$1,234.50"}, {ref: B, price: ""}, {ref: C, price: soon}]}`,
		`name: "${{ file.name }}"`, `name: {value: "${{ file.name }}", match: "(.)[.]txt"}, price: {value: "${{ item.price }}", type: money, required: true}`)
	n.want(n.run(), pipeline.Totals{In: 3, Done: 1, Failed: 2})
	rows := n.items()
	for key, want := range map[string]struct {
		reason   string
		class    pipeline.Class
		attempts int
	}{
		"B": {"the record's price is empty, and required", pipeline.ProofFailed, 3},
		"C": {`the record's price is "soon", no amount of money`, pipeline.Spec, 1},
	} {
		row := rows[key]
		if row.Class != want.class || row.Reason != want.reason || row.Step != "record.fields.price (night.yaml:7:74)" || row.Attempts != want.attempts {
			t.Errorf("%s: %+v, want %+v", key, row, want)
		}
	}
	for record, err := range n.ledger.Records(t.Context()) {
		if err != nil {
			t.Fatal(err)
		}
		if f := record.Fields; record.Key != "A" || f[0].Value != "A" || f[1].Value != 1234.5 {
			t.Errorf("%+v", record)
		}
	}
	for file, err := range n.ledger.Files(t.Context()) {
		if err != nil || file.Key != "A" {
			t.Errorf("%+v, %v", file, err)
		}
	}
}

// A list and a mapping stay what they are, to their last text without a secret.
func TestListsInRecords(t *testing.T) {
	t.Parallel()
	n := newTestRun(t, newSite(t, good), 1, "source: {"+inlineRows+"}", `source: {items: [{ref: A}]}`,
		`name: "${{ file.name }}"`, `name: '${{ [{"owner": item.ref + " hush", "years": 3}, 1.5, nil, true] }}'`)
	n.cfg.Redact = func(text string) string { return strings.ReplaceAll(text, "hush", "***") }
	n.want(n.run(), pipeline.Totals{In: 1, Done: 1})
	for record, err := range n.ledger.Records(t.Context()) {
		want := []any{map[string]any{"owner": "A ***", "years": json.Number("3")}, json.Number("1.5"), nil, true}
		if err != nil || !reflect.DeepEqual(record.Fields[0].Value, want) {
			t.Errorf("%#v, %v", record.Fields[0].Value, err)
		}
	}
}
