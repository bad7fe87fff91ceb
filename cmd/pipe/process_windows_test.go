package main

import (
	"errors"
	"os"
)

// suspend lets a process hang.
func suspend(int) error { return errors.New("processes cannot be suspended here") }

func alive(pid int) bool {
	_, err := os.FindProcess(pid)
	return err == nil
}
