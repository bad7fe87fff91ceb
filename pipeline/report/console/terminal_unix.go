//go:build unix

package console

import (
	"fmt"
	"os"
	"os/signal"
	"syscall"
	"time"

	"github.com/charmbracelet/x/termios"
	"golang.org/x/sys/unix"
)

// keyByKey has a terminal give each key as it is pressed, and show none. Ctrl-C and
// Ctrl-Z stay signals: they work whatever becomes of the program's reading.
func keyByKey(f *os.File) (restore func() error, err error) {
	fd := int(f.Fd())
	was, err := termios.GetTermios(fd)
	if err != nil {
		return nil, fmt.Errorf("asking the terminal for its modes: %w", err)
	}
	set := func(lines, echo bool) error {
		modes := map[termios.L]bool{termios.ICANON: lines, termios.ECHO: echo}
		if err := termios.SetTermios(fd, uint32(was.Ispeed), uint32(was.Ospeed), nil, nil, nil, nil, modes); err != nil { //nolint:unconvert // of another type on other systems
			return fmt.Errorf("setting the terminal's modes: %w", err)
		}
		return nil
	}
	if err := set(false, false); err != nil {
		return nil, err
	}
	return func() error { return set(was.Lflag&unix.ICANON != 0, was.Lflag&unix.ECHO != 0) }, nil
}

// Foreground tells whether the program is what its terminal is there for at the moment:
// a shell has others in the background. What is no terminal has no background.
func Foreground(f *os.File) bool {
	group, err := unix.IoctlGetInt(int(f.Fd()), unix.TIOCGPGRP)
	return err != nil || group == unix.Getpgrp()
}

// onSuspend tells of Ctrl-Z until the stop.
func onSuspend(tell chan<- os.Signal) (stop func()) {
	signal.Notify(tell, syscall.SIGTSTP)
	return func() { signal.Stop(tell) }
}

// suspendLimit is how long a process takes to stop, at most.
const suspendLimit = time.Second

// suspend stops the process, as Ctrl-Z does, until somebody has it continue. One that
// leads its session has no shell above it that could, and goes on.
func suspend() {
	if session, err := unix.Getsid(0); err != nil || session == unix.Getpgrp() {
		return
	}
	continued := make(chan os.Signal, 1)
	signal.Notify(continued, syscall.SIGCONT)
	defer signal.Stop(continued)
	// Of SIGTSTP Go's runtime stays the handler once it was asked for.
	_ = syscall.Kill(syscall.Getpid(), syscall.SIGSTOP)
	select {
	case <-continued:
	case <-time.After(suspendLimit):
	}
}
