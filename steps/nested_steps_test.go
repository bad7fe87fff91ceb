package steps_test

import (
	"strings"
	"testing"

	"pipe/specs"
	"pipe/steps"
)

func TestWalk(t *testing.T) {
	spec, err := read("x", `{if: true, then: [{each: {in: [a], as: v, do: [{capture: {on: {click: a}, as: "${{ vars.v }}"}}]}}], else: [{wait: {response: x, on: {click: b}}}]}`)
	if err != nil {
		t.Fatal(err)
	}
	var verbs []string
	steps.WalkSteps(spec.Navigate.Steps, func(s *specs.Step) { verbs = append(verbs, s.Verb) })
	if got := strings.Join(verbs, " "); got != "then each capture click wait click" {
		t.Error(got)
	}
}
