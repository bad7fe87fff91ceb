package ledger_test

import (
	"strings"
	"testing"
	"time"

	"pipe/pipeline"
	"pipe/pipeline/ledger"
)

func keysFound(t *testing.T, led *ledger.Ledger, q pipeline.ItemQuery) (string, int) {
	t.Helper()
	if q.Limit == 0 {
		q.Limit = 100
	}
	page := must[pipeline.ItemPage](t)(led.FindItems(t.Context(), q))
	var keys []string
	for _, row := range page.Items {
		keys = append(keys, row.Key)
	}
	return strings.Join(keys, " "), page.Total
}

// Items are found by status, cause and text, wildcards taken as they are, sorted each
// way and given in parts; what has left the source is not found.
func TestFindItems(t *testing.T) {
	led := newLedger(t)
	run := beginRun(t, led, false)
	admit(t, led, run, rows("gone"))
	endRun(t, led, run, "finished")
	run = beginRun(t, led, false)
	admit(t, led, run, rows("b%1", "a_2", "c3", "d4", `e\5`))
	attempt(t, led, run, "b%1", done("b%1"))
	attempt(t, led, run, "c3", failing(pipeline.Pending, pipeline.Transient))
	late := failing(pipeline.Failed, pipeline.Transient)
	late.Ended = noon.Add(time.Minute)
	attempt(t, led, run, "c3", late)
	moved := failing(pipeline.Failed, pipeline.Transient)
	moved.Step += " (specs/inventory.yaml:40:7)"
	attempt(t, led, run, "d4", moved)
	other := failing(pipeline.Failed, pipeline.NotFound)
	other.Reason = "the site knows no <b>such</b> thing"
	attempt(t, led, run, "a_2", other)
	endRun(t, led, run, "finished")
	for name, test := range map[string]struct {
		query pipeline.ItemQuery
		want  string
		total int
	}{
		"all":         {pipeline.ItemQuery{}, `b%1 a_2 c3 d4 e\5`, 5},
		"a part":      {pipeline.ItemQuery{Offset: 1, Limit: 2}, "a_2 c3", 5},
		"failed":      {pipeline.ItemQuery{Status: pipeline.Failed}, "a_2 c3 d4", 3},
		"cause":       {pipeline.ItemQuery{Cause: &pipeline.Cause{Class: pipeline.Transient, Step: "navigate.steps[1].click"}}, "c3 d4", 2},
		"percent":     {pipeline.ItemQuery{Search: "%"}, "b%1", 1},
		"underscore":  {pipeline.ItemQuery{Search: "_2"}, "a_2", 1},
		"backslash":   {pipeline.ItemQuery{Search: `e\`}, `e\5`, 1},
		"reason":      {pipeline.ItemQuery{Search: "<B>SUCH"}, "a_2", 1},
		"quotes":      {pipeline.ItemQuery{Search: `' OR '1'='1`}, "", 0},
		"by key":      {pipeline.ItemQuery{Sort: pipeline.SortByKey, Descending: true}, `e\5 d4 c3 b%1 a_2`, 5},
		"by status":   {pipeline.ItemQuery{Sort: pipeline.SortByStatus}, `b%1 a_2 c3 d4 e\5`, 5},
		"by cause":    {pipeline.ItemQuery{Sort: pipeline.SortByCause, Status: pipeline.Failed, Descending: true}, "c3 d4 a_2", 3},
		"by attempts": {pipeline.ItemQuery{Sort: pipeline.SortByAttempts, Descending: true}, `c3 b%1 a_2 d4 e\5`, 5},
		"by finished": {pipeline.ItemQuery{Sort: pipeline.SortByFinished, Descending: true}, `c3 b%1 a_2 d4 e\5`, 5},
	} {
		t.Run(name, func(t *testing.T) {
			got, total := keysFound(t, led, test.query)
			if got != test.want || total != test.total {
				t.Errorf("got %q of %d, want %q of %d", got, total, test.want, test.total)
			}
			if test.query.Offset > 0 {
				return
			}
			if keys := must[[]string](t)(led.FindKeys(t.Context(), test.query)); strings.Join(keys, " ") != test.want {
				t.Errorf("keys: got %q, want %q", keys, test.want)
			}
		})
	}
}
