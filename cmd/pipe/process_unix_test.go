//go:build unix

package main

import "syscall"

// suspend lets a process hang.
func suspend(pid int) error { return syscall.Kill(pid, syscall.SIGSTOP) }

func alive(pid int) bool { return syscall.Kill(pid, 0) == nil }
