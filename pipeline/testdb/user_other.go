//go:build !unix

package testdb

import (
	"syscall"
	"testing"
)

// withoutRights changes nothing where there is no root.
func withoutRights(testing.TB, string, string) *syscall.SysProcAttr { return nil }
