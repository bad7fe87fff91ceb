package testdb

import (
	"syscall"
	"testing"
)

// asUser changes nothing: the servers run as who runs the tests.
func asUser(testing.TB, string, string) *syscall.SysProcAttr { return &syscall.SysProcAttr{} }
