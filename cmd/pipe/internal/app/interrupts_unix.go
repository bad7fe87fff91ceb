//go:build unix

package app

import (
	"os/signal"
	"syscall"
)

// ignoreTerminalStops has a run in the background go on when it writes to its terminal, or
// sets or reads it, which stops a program as a rule.
func ignoreTerminalStops() { signal.Ignore(syscall.SIGTTOU, syscall.SIGTTIN) }
