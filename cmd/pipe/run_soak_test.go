//go:build soak

package main

import "testing"

func TestSoakSevenPagesInOneContext(t *testing.T) {
	t.Parallel()
	long(t)
	sevenPagesInOneContext(t, 200)
}

func TestSoakFiveContexts(t *testing.T) {
	t.Parallel()
	long(t)
	fiveContexts(t, 200)
}
