package steps_test

import "testing"

func TestEvaluate(t *testing.T) {
	t.Parallel()
	s := show(t, `<p id=p>x</p>`)
	s.do(`evaluate: "p.textContent = 'seen'"`, `evaluate: {name: sum, script: "n => n + 1", arg: "${{ 41 }}"}`, `expect: steps.sum == 42`)
	s.is("p.textContent", "seen")
	// Item data is an argument, never code.
	s.Values["item"].(map[string]any)["ref"] = `"); alert("`
	s.do(`evaluate: {name: back, script: "v => v", arg: "${{ item.ref }}"}`, `expect: steps.back == item.ref`)
	s.fails("evaluating the script: ", `evaluate: "throw new Error('no')"`)
}
