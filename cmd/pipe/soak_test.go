//go:build soak

package main

import (
	"testing"
	"time"
)

// long fails a test at once that go test would end before its time.
func long(t *testing.T) {
	t.Helper()
	const room = 30 * time.Minute
	if end, limited := t.Deadline(); limited && time.Until(end) < room {
		t.Fatalf("the soak tests take more than %v, which is what go test leaves them: give it -timeout 2h", time.Until(end).Round(time.Second))
	}
}
