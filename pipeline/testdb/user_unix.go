//go:build unix

package testdb

import (
	"fmt"
	"os"
	"strings"
	"syscall"
	"testing"
)

// asUser lets programs run as the named user if they would run as root, which
// the servers refuse, and gives the user the folder.
func asUser(t testing.TB, name, dir string) *syscall.SysProcAttr {
	t.Helper()
	if os.Getuid() != 0 {
		return &syscall.SysProcAttr{}
	}
	user := userOf(t, name)
	must(t, os.Chown(dir, int(user.Uid), int(user.Gid)))
	return &syscall.SysProcAttr{Credential: user}
}

func userOf(t testing.TB, name string) *syscall.Credential {
	t.Helper()
	text, err := os.ReadFile("/etc/passwd")
	must(t, err)
	for line := range strings.Lines(string(text)) {
		var uid, gid uint32
		if fields := strings.Split(line, ":"); fields[0] == name {
			_, err := fmt.Sscan(fields[2]+" "+fields[3], &uid, &gid)
			must(t, err)
			return &syscall.Credential{Uid: uid, Gid: gid}
		}
	}
	t.Fatalf("there is no user %s, which PostgreSQL's package makes", name)
	return nil
}
