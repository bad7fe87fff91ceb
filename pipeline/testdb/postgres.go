// Package testdb starts real database servers for tests, each on a free port of
// the loopback address, in a temporary folder, as a user without rights, and
// ends them with the test. Tests alone import it, and it imports none of the
// project's packages.
package testdb

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"testing"
)

// Postgres starts a PostgreSQL and gives its address, with a password that must
// not be told. The server refuses to run as root, so it then runs as the user
// that its package made.
func Postgres(t testing.TB) string {
	t.Helper()
	found, err := filepath.Glob("/usr/lib/postgresql/*/bin/initdb")
	if err != nil || len(found) == 0 {
		t.Fatal("there is no PostgreSQL below /usr/lib/postgresql: install it, as by `apt-get install postgresql`")
	}
	slices.Sort(found)
	bin := filepath.Dir(found[len(found)-1])
	dir, err := os.MkdirTemp("", "pipe-postgres-")
	must(t, err)
	t.Cleanup(func() { _ = os.RemoveAll(dir) })
	who := asUser(t, "postgres", dir)
	run := func(name string, args ...string) {
		t.Helper()
		cmd := exec.Command(filepath.Join(bin, name), args...)
		cmd.Dir, cmd.SysProcAttr = dir, who
		if out, err := cmd.CombinedOutput(); err != nil {
			log, _ := os.ReadFile(filepath.Join(dir, "log"))
			t.Fatalf("%s: %v\n%s%s", name, err, out, log)
		}
	}
	data := filepath.Join(dir, "data")
	run("initdb", "-D", data, "-U", "pipe", "--auth=trust", "--no-sync", "-E", "UTF8", "--no-locale")
	port := freePort(t)
	run("pg_ctl", "-D", data, "-l", filepath.Join(dir, "log"), "-w", "-o", fmt.Sprintf("-h 127.0.0.1 -p %d -k %s -F", port, dir), "start")
	t.Cleanup(func() { run("pg_ctl", "-D", data, "-m", "immediate", "-w", "stop") })
	return fmt.Sprintf("postgres://pipe:hush-hush@127.0.0.1:%d/postgres", port)
}
