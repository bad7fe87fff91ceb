package app

import (
	"strings"
	"testing"

	"pipe/specs"
	"pipe/steps"
)

// The spec that an AGENTS.md shows is right, and no secret stands in it.
func TestAgentsFileExample(t *testing.T) {
	_, rest, _ := strings.Cut(string(AgentsFile()), "```yaml\n")
	example, _, ended := strings.Cut(rest, "```\n")
	if !ended {
		t.Fatal("there is no example of a spec")
	}
	spec, err := specs.Parse("invoices.yaml", []byte(example), specs.Options{Verbs: steps.Verbs(), Env: func(string) (string, bool) { return "x", true }})
	if err != nil {
		t.Fatal(err)
	}
	if spec.Name != "invoices" || len(spec.Download.Steps) != 1 {
		t.Errorf("it is read as %s with %d steps of download", spec.Name, len(spec.Download.Steps))
	}
}
