package main

import (
	"cmp"
	"context"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"testing"

	"pipe/cmd/pipe/internal/app"
	"pipe/pipeline/practice"
)

const orderWay = `navigate:
  steps:
    - goto: "/orders/${{ item.stock_number }}"
    - name: order
      once: true
      do:
        - fill: {label: Copies, value: "1"}
        - click: {role: button, name: Send order}
        - wait: "#number"
        - extract: {name: receipt, fields: {number: {text_of: "#number"}}}
    - goto: "/orders/${{ item.stock_number }}/receipt"

download:
  - capture:
      on: {click: {role: link, name: Receipt}}
      as: "${{ item.stock_number }}.pdf"
      expect: {type: pdf, contains: "${{ item.stock_number }}"}

record:
  fields:
    number: ${{ steps.receipt?.number ?? "not known" }}
    shown: {text_of: "#number"}
  to: vehicles.csv
`

// A form that orders something each time that it is sent: whatever fails, and whenever
// the run is killed, each item is ordered once, or its user is asked, and by the
// site's own count none is ordered again without his word.
func TestOrderedOnce(t *testing.T) {
	t.Parallel()
	var refs []string
	inHand := make(chan struct{})
	whole := shipped(t)
	way := whole[indexOf(t, whole, "navigate:"):indexOf(t, whole, "retry:")]
	j := newJob(t, practice.Options{
		Vehicles: 5, Faults: practice.Faults{HTMLAsPDF: 1},
		OnOrder: func(ctx context.Context, reference string, n int) int {
			switch i := slices.Index(refs, reference); {
			case i == 1 && n == 1:
				return http.StatusInternalServerError
			case i == 2 && n == 1:
				close(inHand)
				<-ctx.Done()
			}
			return 0
		},
	}, way, orderWay, "initial: 3s", "initial: 100ms")
	for _, v := range j.site.Vehicles() {
		refs = append(refs, v.Reference)
	}
	ordered := func(when string, want ...int) {
		t.Helper()
		counts := j.site.Counts().Ordered
		for i, ref := range refs {
			if counts[ref] != want[i] {
				t.Errorf("%s: %s was ordered %d times, want %d", when, ref, counts[ref], want[i])
			}
		}
	}
	one := []string{"--contexts", "1", "--pages", "1"}
	j.pipe(app.ExitDone, "run", "inventory.yaml", "--dry-run", "--limit", "1")
	has(t, j.pipe(app.ExitDone, "try", "inventory.yaml", "--item", refs[0], "--headless"), "ended before navigate.steps[1].do: it is once")
	has(t, j.pipe(app.ExitDone, "try", "inventory.yaml", "--item", refs[4], "--headless", "--once", "--until", "order"), "done on the site, and not on record")
	ordered("before the first run", 0, 0, 0, 0, 1)

	killed := j.start(one...)
	<-inHand
	j.must(killed.cmd.Process.Kill())
	killed.ended(-1)
	ordered("at the kill", 1, 1, 1, 0, 1)
	out := j.run(app.ExitFailed, one...)
	has(t, out, "uncertain 2:", refs[1]+`  "order" begun`, refs[2]+`  "order" begun`, fmt.Sprintf("pipe run inventory.yaml --uncertain=redo --only=%s --only=%s", refs[1], refs[2]))
	has(t, j.pipe(app.ExitFailed, "status", "inventory.yaml"), totals(5, 3, 2, 0, 0), "uncertain 2:")
	has(t, j.pipe(app.ExitDone, "plan", "inventory.yaml"), "uncertain 2:")
	j.run(app.ExitFailed, append(one, "--retry-failed")...)
	ordered("after the kill", 1, 1, 1, 1, 2)

	j.run(app.ExitFailed, append(one, "--uncertain=done", "--only", refs[1])...)
	j.run(app.ExitDone, append(one, "--uncertain=redo", "--only", refs[2])...)
	has(t, j.pipe(app.ExitDone, "try", "inventory.yaml", "--item", refs[0], "--headless", "--once", "--until", "order"), "passed over: it is once, and was done")
	ordered("after its user's word", 1, 1, 2, 1, 2)
	has(t, j.pipe(app.ExitSpec, "run", "inventory.yaml", "--uncertain=redo"), "--uncertain=redo: no item is uncertain")
	want := []string{refs[0] + "-1", "not known", refs[2] + "-2", refs[3] + "-1", refs[4] + "-2"}
	for _, row := range j.records()[1:] {
		if i := slices.Index(refs, row[0]); row[1] != want[i] || row[2] != cmp.Or(strings.ReplaceAll(want[i], "not known", ""), refs[1]+"-1") {
			t.Errorf("the record is %q, want %s", row, want[i])
		}
	}
}
