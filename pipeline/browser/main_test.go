package browser

import (
	"testing"

	"go.uber.org/goleak"
)

// What a pool starts it ends, the goroutines of Playwright's port included.
func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }
