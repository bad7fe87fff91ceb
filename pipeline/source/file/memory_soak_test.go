//go:build soak

package file

import "testing"

func TestSoakAMillionRowsAreFlat(t *testing.T) { flat(t, 1_000_000) }
