// Package testdisplay starts an X server without a screen for tests of browsers
// that have windows, and ends it with the test. Tests alone import it, and it
// imports none of the project's packages.
package testdisplay

import (
	"bufio"
	"context"
	"os"
	"os/exec"
	"testing"
	"time"
)

// startLimit bounds the start of a server.
const startLimit = time.Minute

// Start starts a server and gives the display's name, for DISPLAY.
func Start(t testing.TB) string {
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
	_ = read.SetReadDeadline(time.Now().Add(startLimit))
	line, err := bufio.NewReader(read).ReadString('\n')
	if err != nil {
		t.Fatalf("%s named no display: %v", path, err)
	}
	return ":" + line[:len(line)-1]
}
