//go:build soak

package capture

import (
	"bufio"
	"context"
	"os"
	"os/exec"
	"testing"
	"time"

	"pipe/pipeline/browser"
	"pipe/pipeline/session"
)

// The browsers that have a viewer, and windows.
func TestDeliveryMatrixChromium(t *testing.T) {
	matrix(t, "chromium", session.Options{})
}

// Frames of other sites have processes of their own.
func TestDeliveryMatrixHeaded(t *testing.T) {
	t.Setenv("DISPLAY", display(t))
	matrix(t, "chromium", session.Options{Browser: browser.Options{Headed: true, Args: []string{"--site-per-process"}}})
}

// display starts an X server without a screen for the test.
func display(t *testing.T) string {
	t.Helper()
	path, err := exec.LookPath("Xvfb")
	if err != nil {
		t.Fatalf("a browser with windows needs a display: %v; try: apt-get install -y xvfb", err)
	}
	read, write, err := os.Pipe()
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(context.Background())
	cmd := exec.CommandContext(ctx, path, "-displayfd", "3", "-nolisten", "tcp", "-screen", "0", "1280x1024x24")
	cmd.ExtraFiles = []*os.File{write}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		cancel()
		_ = cmd.Wait()
		_ = read.Close()
	})
	_ = write.Close() // so that reading ends when the server does
	_ = read.SetReadDeadline(time.Now().Add(time.Minute))
	line, err := bufio.NewReader(read).ReadString('\n')
	if err != nil {
		t.Fatalf("%s named no display: %v", path, err)
	}
	return ":" + line[:len(line)-1]
}
