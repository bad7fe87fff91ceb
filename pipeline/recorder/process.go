package recorder

import (
	"bytes"
	"strings"
	"time"

	"github.com/sourcegraph/conc"
)

// endWhen ends the recording once stop is closed: gently, and at once where it takes too
// long. It looks after that until ended is closed.
func endWhen(stop, ended <-chan struct{}, gently, atOnce func()) *conc.WaitGroup {
	var owned conc.WaitGroup
	owned.Go(func() {
		select {
		case <-stop:
			gently()
		case <-ended:
			return
		}
		limit := time.NewTimer(closeLimit)
		defer limit.Stop()
		select {
		case <-limit.C:
			atOnce()
		case <-ended:
		}
	})
	return &owned
}

// tail keeps the end of what is written to it.
type tail struct{ kept bytes.Buffer }

// tailLimit is in bytes.
const tailLimit = 4096

func (t *tail) Write(p []byte) (int, error) {
	t.kept.Write(p)
	if over := t.kept.Len() - tailLimit; over > 0 {
		t.kept.Next(over)
	}
	return len(p), nil
}

func (t *tail) text() string {
	if text := strings.TrimSpace(t.kept.String()); text != "" {
		return "\n" + text
	}
	return ""
}
