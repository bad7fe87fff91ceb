//go:build soak

package specs_test

import (
	"os/exec"
	"testing"
)

// TestSoakFuzz fuzzes the loader and the formatter for about an hour on two
// cores. It goes by count: by time, Go 1.26 may fail at the end of a clean run
// (go.dev/issue/75804).
func TestSoakFuzz(t *testing.T) {
	for target, inputs := range map[string]string{"FuzzParse": "5000000x", "FuzzFormat": "1500000x"} {
		t.Run(target, func(t *testing.T) {
			//nolint:gosec // both are written above
			out, err := exec.CommandContext(t.Context(), "go", "test", "-run", "^$", "-fuzz", "^"+target+"$", "-fuzztime", inputs, "-fuzzminimizetime", "1s", ".").CombinedOutput()
			if err != nil {
				t.Errorf("%v\n%s", err, out)
			}
		})
	}
}
