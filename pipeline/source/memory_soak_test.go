//go:build soak

package source

import "testing"

func TestSoakAMillionRowsAreFlat(t *testing.T) { flat(t, 1_000_000) }
