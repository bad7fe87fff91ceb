//go:build unix

package testdb

import (
	"fmt"
	"os"
	"strings"
	"syscall"
	"testing"
)

// withoutRights has root's processes run as another user, who then owns the
// folder; anybody else's run as they are.
func withoutRights(t testing.TB, user, dir string) *syscall.SysProcAttr {
	t.Helper()
	who := &syscall.SysProcAttr{}
	if os.Getuid() == 0 {
		who.Credential = userOf(t, user)
		must(t, os.Chown(dir, int(who.Credential.Uid), int(who.Credential.Gid)))
	}
	return who
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
