package steps_test

import (
	"errors"
	"testing"

	"pipe/steps"
)

// A skip ends the steps, however many tries or loops it stands in.
func TestSkip(t *testing.T) {
	t.Parallel()
	s := show(t, `<p id=out>`)
	var skip *steps.SkipError
	err := s.try(`{if: 'item.ref == "B1"', skip: "not this"}`, `evaluate: "out.append('before ')"`,
		`each: {in: [a, b], as: v, do: [{try: [{skip: "nothing for ${{ item.ref }}"}], rescue: [{evaluate: "out.append('rescued ')"}]}]}`,
		`evaluate: "out.append('after ')"`)
	if !errors.As(err, &skip) || skip.Reason != "nothing for A1" {
		t.Errorf("got %v", err)
	}
	s.is("out.textContent", "before ")
	if err := s.try(`{skip: "gone", optional: true, retry: 2}`); !errors.As(err, &skip) || skip.Reason != "gone" {
		t.Errorf("got %v", err)
	}
}
