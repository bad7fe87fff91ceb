package main

import (
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"pipe/pipeline/practice"
)

// Of lots whose numbers are no words of an address, each has its own papers from
// another host, which never learns what is the desk's alone, and a record with the
// dates and prices that the German table has.
func TestOverseas(t *testing.T) {
	t.Parallel()
	j := newJob(t, practice.Options{Vehicles: 4})
	j.env = append(j.env, "DESK_KEY="+practice.DeskKey)
	whole := shipped(t)
	login := whole[indexOf(t, whole, "login:"):indexOf(t, whole, "source:")]
	j.write("overseas.yaml", `
name: overseas
base_url: ${{ env.INVENTORY_URL }}
key: ${{ item.lot }}
browser:
  context: {locale: de-DE, headers: {`+practice.DeskHeader+`: "${{ secret.DESK_KEY }}"}}
`+login+`
source:
  table:
    goto: /overseas
    rows: "#lots tbody tr"
    fields:
      lot: {text_of: .lot}
      stock: {text_of: .stock}
      arrived: {text_of: .arrived, type: date}
      asking: {text_of: .asking, type: money}
navigate:
  steps:
    - goto: "/overseas/lots/${{ item.lot }}"
download:
  - capture:
      url: "/overseas/report?lot=${{ item.lot }}"
      as: "${{ item.stock }}.pdf"
      expect: {type: pdf, contains: "${{ item.stock }}"}
  - capture:
      on: {click: "#sticker"}
      as: "${{ item.stock }}-sticker.pdf"
      expect: {type: pdf, contains: "${{ item.stock }}"}
record:
  fields:
    vin: {text_of: "#vin"}
    arrived: ${{ item.arrived }}
    asking: ${{ item.asking }}
    history: {rows_of: {rows: "#history tbody tr", fields: {day: {text_of: .day, type: date}, amount: {text_of: .amount, type: money, required: true}}}}
  to: lots.jsonl
retry: {attempts: 1}
`)
	out := j.pipe(0, "run", "overseas.yaml", "--out", "out")
	has(t, out, totals(4, 4, 0, 0, 0))
	if strings.Contains(out, practice.DeskKey) {
		t.Errorf("the run tells the desk's key:\n%s", out)
	}
	records := map[string]map[string]any{}
	text, err := os.ReadFile(filepath.Join(j.dir, "out", "lots.jsonl"))
	j.must(err)
	for line := range strings.Lines(string(text)) {
		var one map[string]any
		if err := json.Unmarshal([]byte(line), &one); err != nil {
			t.Fatal(err)
		}
		records[one["key"].(string)] = one
	}
	for _, v := range j.site.Vehicles() {
		j.hasFiles(filepath.Join(j.dir, "out"), v, ".pdf", "-sticker.pdf")
		j.producedOnce(v, "", " sticker")
		got, day, asking := records[practice.LotOf(v)], practice.ArrivedOn(v).Format("2006-01-02"), float64(v.Price)+0.5
		if got["vin"] != v.VIN || got["arrived"] != day || fmt.Sprint(got["asking"]) != fmt.Sprint(asking) {
			t.Errorf("%s: %v, want %s, %s, %v", practice.LotOf(v), got, v.VIN, day, asking)
		}
		history, _ := json.Marshal(got["history"])
		want, _ := json.Marshal([]map[string]any{{"day": day, "amount": asking}})
		if string(history) != string(want) {
			t.Errorf("%s: its history is %s, want %s", practice.LotOf(v), history, want)
		}
	}
	if c := j.site.Counts(); c.Leaked != 0 || c.Astray != 0 || c.Stored < 2*4 {
		t.Errorf("the store was sent the desk's own %d times, lots that there are not were asked for %d times; the store has seen %d requests", c.Leaked, c.Astray, c.Stored)
	}
}
