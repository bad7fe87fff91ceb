package steps_test

import (
	"errors"
	"testing"

	"pipe/steps"
)

func TestWhile(t *testing.T) {
	t.Parallel()
	s := show(t, `<i class=u>1</i><i class=u>2</i><p id=out></p>`)
	s.do(`{while: {visible: .u, index: n, do: [{evaluate: {script: "n => { document.querySelector('.u').remove(); out.append(n) }", arg: "${{ vars.n }}"}}]}, name: rounds}`,
		`expect: steps.rounds == 2`)
	s.is("out.textContent", "12")
	s.fails("still holds after 3 rounds", `while: {if: true, most: 3, do: [{evaluate: "out.append('.')"}]}`)
	s.is("out.textContent", "12...")
}

// A loop that asks for something that takes its time rests between its rounds, looks
// once more after a rest, and ends with its limit.
func TestWhilePolls(t *testing.T) {
	t.Parallel()
	s := show(t, `<p id=out></p><script>let at = [], n = 0; const ask = () => { at.push(performance.now()); if (++n == 3) out.innerHTML = '<b id=ready>ready</b>' }</script>`)
	const ask = `do: [{evaluate: "ask()"}]`
	for _, rest := range []string{"every: 200ms", "pause: 200ms"} {
		s.is("void (at = [], n = 0, out.innerHTML = '')", "<nil>")
		s.do(`{while: {hidden: "#ready", `+rest+`, `+ask+`}, name: rounds}`, `expect: steps.rounds == 3`)
		s.is("at.length == 3 && at[1] - at[0] >= 150 && at[2] - at[1] >= 150", true)
	}
	s.is("void (out.innerHTML = '')", "<nil>")
	s.do(`{while: {hidden: "#ready", pause: 1s, do: [{evaluate: "void setTimeout(() => out.innerHTML = '<b id=ready>ready</b>', 100)"}]}, name: rounds}`, `expect: steps.rounds == 1`)
	err := s.try(`while: {visible: "#ready", every: 1h, timeout: 300ms, do: [{evaluate: "1"}]}`)
	if !errors.Is(err, steps.ErrTimeout) {
		t.Errorf("got %v, want ErrTimeout", err)
	}
}
