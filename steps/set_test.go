package steps_test

import "testing"

func TestSet(t *testing.T) {
	t.Parallel()
	s := show(t, `<p id=out>`)
	s.do(`set: {n: "${{ 1 + 1 }}", twice: "${{ vars.n * 2 }}", text: "n is ${{ vars.n }}"}`,
		`expect: vars.twice == 4 && vars.text == "n is 2"`, `set: {n: "${{ vars.n + 1 }}"}`, `expect: vars.n == 3 && vars.twice == 4`)
}
