package main

import (
	"testing"

	"pipe/cmd/pipe/internal/app"
	"pipe/pipeline/practice"
)

const windowWay = `navigate:
  steps:
    - goto: "/window#/find"
    - fill: {label: Stock number, value: "${{ item.stock_number }}"}
    - select: {label: Document, option: Report}
    - click: {role: button, name: Find}
    - wait: {selector: "#found h2", text: "${{ item.stock_number }}"}

download:
  - capture:
      on: {click: {role: link, name: Pick up}}
      as: "${{ item.stock_number }}.pdf"
      expect: {type: pdf, contains: "${{ item.stock_number }}"}
      quiet: 1s

whenever: {visible: "#survey", do: [{click: {role: button, name: No thanks}}]}

`

// A page with routes after #, which goes on loading under a survey, with fields that write
// and reset as they like, and a page in the file's place at the first time: every item has
// its own report, by the site's own count, and none a sticker.
func TestPickUpWindow(t *testing.T) {
	t.Parallel()
	whole := shipped(t)
	way := whole[indexOf(t, whole, "navigate:"):indexOf(t, whole, "retry:")]
	j := newJob(t, practice.Options{Vehicles: 4}, way, windowWay, "attempts: 3", "attempts: 4", "initial: 3s", "initial: 100ms")
	out := j.run(app.ExitDone, "--contexts", "1", "--pages", "2")
	counts := j.site.Counts()
	for _, v := range j.site.Vehicles() {
		if !counts.TurnedAway[v.Reference] || counts.Produced[v.Reference] != 1 || counts.Produced[v.Reference+" sticker"] != 0 {
			t.Errorf("%s was turned away: %v, its report produced %d times, its sticker %d",
				v.Reference, counts.TurnedAway[v.Reference], counts.Produced[v.Reference], counts.Produced[v.Reference+" sticker"])
		}
	}
	has(t, out, "4 of 4 done", "temporarily unavailable", `whenever[0], "#survey": `)
}
