package specs_test

import (
	"strings"
	"testing"

	"pipe/specs"
	"pipe/specs/internal/spectest"
)

// TestMissingColumns finds the columns that a source has not, wherever the spec
// takes them, and tells how those are written that there are.
func TestMissingColumns(t *testing.T) {
	t.Parallel()
	have := []string{"Order #", "order", "Order.No", "order_no", "#", "VIN", "vin", "Name (2)", "name_2", "note text"}
	const it = `; it has item.order, item.order_no, item["#"], item.vin, item.name_2, item["note text"]`
	for edit, want := range map[string]string{
		`key: ${{ item.order }}`:                                    "",
		`key: '${{ item["Order #"] + item["#"] }}'`:                 "",
		`key: ${{ item.order_nr }}`:                                 `x.yaml:2:15: key: the source has no column "order_nr" (did you mean item.order_no?)` + it,
		`key: ${{ item.OrderNo }}`:                                  `the source has no column "OrderNo" (did you mean item.order_no?)` + it,
		`key: ${{ item.Note_Text }}`:                                `the source has no column "Note_Text" (did you mean item["note text"]?)` + it,
		`key: '${{ item["vim"] }}'`:                                 `the source has no column "vim" (did you mean item.vin?)` + it,
		`key: ${{ item.xyz ?? "" }}`:                                "",
		`key: ${{ item.chassis ?? item.vin }}`:                      "",
		`key: ${{ item.chassis ?? item.frame }}`:                    `the source has no column "chassis" and no "frame"; it has`,
		`key: ${{ item.chassis ?? item.frame ?? "none" }}`:          "",
		`key: '${{ "chassis" in item ? item.chassis : item.vin }}'`: "",
		"key: ${{ item.vin }}\nrefresh: {on: changed, of: [prise]}": `refresh.of: the source has no column "prise"`,
		"key: ${{ item.vin }}\ndownload: [{capture: {url: \"/${{ item.vni }}\", as: \"${{ item.vin }}.pdf\"}}]": `download[0].capture.url: the source has no column "vni"`,
		"key: ${{ item.vin }}\nrecord: {fields: {a: \"${{ item.vinn }}\"}, to: a.csv}":                          `record.fields.a: the source has no column "vinn"`,
		"key: ${{ item.vin }}\nclassify: [{class: rejected, if: 'item.vinn == error.message'}]":                 `the source has no column "vinn"`,
	} {
		src := strings.NewReplacer("KEY", edit).Replace("name: x\nKEY\nsource: {json: list.json}\nnavigate: {home: /}\nbase_url: http://x.example\n")
		spec, err := specs.Parse("x.yaml", []byte(src), spectest.Options())
		if err != nil {
			t.Errorf("%s: %v", edit, err)
			continue
		}
		if faults := spec.MissingColumns(have); (len(faults) > 0) != (want != "") || want != "" && !strings.Contains(faults.Error(), want) {
			t.Errorf("%s: got %v, want %q", edit, faults, want)
		}
	}
}

// What source.map adds is a column from there on, and is none to where and map.
func TestMissingMappedColumns(t *testing.T) {
	t.Parallel()
	src := "name: x\nkey: ${{ item.ref }}\nsource: {json: list.json, where: item.ref != \"\", map: {ref: \"${{ item.id }}\"}, order: \"${{ item.ref }}\"}\nnavigate: {home: /}\nbase_url: http://x.example\n"
	spec, err := specs.Parse("x.yaml", []byte(src), spectest.Options())
	if err != nil {
		t.Fatal(err)
	}
	faults := spec.MissingColumns([]string{"id"})
	if len(faults) != 1 || !strings.HasPrefix(faults.Error(), `x.yaml:3:39: source.where: the source has no column "ref"; it has item.id`) {
		t.Errorf("got %v", faults)
	}
	if got := strings.Join(spec.WantedColumns(), " "); got != "ref id" && got != "id ref" && got != "id" {
		t.Errorf("wanted: %s", got)
	}
	row := map[string]any{"id": "1"}
	if spec.Complete(row); row["ref"] != "" {
		t.Errorf("completed: %v", row)
	}
}

// A comment that begins within an expression is told as such.
func TestCommentInExpression(t *testing.T) {
	t.Parallel()
	src := "name: x\nkey: ${{ item[\"Order #\"] }}\nsource: {json: list.json}\nnavigate: {home: /}\n"
	_, err := specs.Parse("x.yaml", []byte(src), spectest.Options())
	if err == nil || !strings.Contains(err.Error(), `" #" begins a comment, unless the whole value stands in quotes`) {
		t.Errorf("got %v", err)
	}
}
