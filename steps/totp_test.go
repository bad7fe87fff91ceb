package steps_test

import (
	"testing"
	"time"

	"pipe/specs"
	"pipe/steps"
)

// A step whose one-time code would run out while it is typed waits for the
// next one, longer than its own limit if need be.
func TestOneTimeCode(t *testing.T) {
	s := show(t, `<input id=code><input id=again>`)
	began := time.Now()
	spec, err := specs.Parse("stage.yaml", []byte(`
name: x
key: ${{ item.ref }}
source: {items: [{ref: A1}]}
navigate:
  steps:
    - fill: {selector: "#code", value: "${{ totp('GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ') }}", timeout: 3s}
`), specs.Options{Verbs: steps.Verbs(), Now: func() time.Time {
		return time.Unix(1111111106, 0).Add(time.Since(began)) // 4 s before the period's end
	}})
	if err != nil {
		t.Fatal(err)
	}
	if err := s.Run(s.ctx, spec.Navigate.Steps); err != nil {
		t.Fatal(err)
	}
	s.is("code.value", "050471")
	if took := time.Since(began); took < 4*time.Second || took > 30*time.Second {
		t.Errorf("it took %v", took)
	}
}
