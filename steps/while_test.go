package steps_test

import "testing"

func TestWhile(t *testing.T) {
	t.Parallel()
	s := show(t, `<i class=u>1</i><i class=u>2</i><p id=out></p>`)
	s.do(`{while: {visible: .u, index: n, do: [{evaluate: {script: "n => { document.querySelector('.u').remove(); out.append(n) }", arg: "${{ vars.n }}"}}]}, name: rounds}`,
		`expect: steps.rounds == 2`)
	s.is("out.textContent", "12")
	s.fails("still holds after 3 rounds", `while: {if: true, most: 3, do: [{evaluate: "out.append('.')"}]}`)
	s.is("out.textContent", "12...")
}
