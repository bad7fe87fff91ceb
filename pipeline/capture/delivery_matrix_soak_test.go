//go:build soak

package capture

import (
	"testing"

	"pipe/pipeline/browser"
	"pipe/pipeline/session"
	"pipe/pipeline/testdisplay"
)

// The browsers that have a viewer, and windows.
func TestDeliveryMatrixChromium(t *testing.T) {
	matrix(t, "chromium", session.Options{})
}

// Frames of other sites have processes of their own.
func TestDeliveryMatrixHeaded(t *testing.T) {
	t.Setenv("DISPLAY", testdisplay.Start(t))
	matrix(t, "chromium", session.Options{Browser: browser.Options{Headed: true, Args: []string{"--site-per-process"}}})
}
