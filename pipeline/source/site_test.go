package source

import (
	"context"
	"errors"
	"fmt"
	"testing"
	"testing/synctest"

	"pipe/pipeline"
	"pipe/specs"
	"pipe/steps"
)

// What the list costs of its tries: a site that does not answer the login none, nor what
// a guest was shown the first time.
func TestSourceTries(t *testing.T) {
	t.Parallel()
	absent := &pipeline.UnreachableError{Err: errors.New("refused")}
	guest := fmt.Errorf("a guest: %w", steps.ErrSessionLost)
	broken := errors.New("reset")
	for name, c := range map[string]struct {
		fails []error
		fine  bool
	}{
		"the login's site is down for long": {[]error{absent, absent, absent, absent, absent, absent}, true},
		"and the list breaks off":           {[]error{absent, absent, absent, broken, broken}, true},
		"it breaks off too often":           {[]error{broken, absent, broken, broken}, false},
		"a guest's list":                    {[]error{guest, broken, broken}, true},
		"guests' lists":                     {[]error{guest, guest, guest, guest}, false},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				s := &Source{Spec: &specs.Spec{}, Attempts: 3, Reporter: pipeline.NewReporter(nil, nil, nil)}
				n := 0
				_, err := attempted(t.Context(), s, func(context.Context) (int, error) {
					if n++; n > len(c.fails) {
						return n, nil
					}
					s.lostAtEnd = s.lostAtEnd || errors.Is(c.fails[n-1], steps.ErrSessionLost)
					return 0, c.fails[n-1]
				})
				if (err == nil) != c.fine {
					t.Errorf("after %d tries: %v", n, err)
				}
			})
		})
	}
}
