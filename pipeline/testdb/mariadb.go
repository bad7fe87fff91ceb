package testdb

import (
	"fmt"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"sync"
	"syscall"
	"testing"
	"time"
)

// startLimit bounds the start and the end of a server.
const startLimit = time.Minute

// MariaDB starts a MariaDB and gives the address of its empty database, with a
// password that must not be told.
func MariaDB(t testing.TB) string {
	t.Helper()
	dir, err := os.MkdirTemp("", "pipe-mariadb-")
	must(t, err)
	t.Cleanup(func() { _ = os.RemoveAll(dir) })
	who := asUser(t, "nobody", dir)
	command := func(name string, args ...string) *exec.Cmd {
		path, err := exec.LookPath(name)
		if err != nil {
			path = "/usr/sbin/" + name
		}
		cmd := exec.Command(path, args...)
		cmd.Dir, cmd.SysProcAttr = dir, who
		return cmd
	}
	data := filepath.Join(dir, "data")
	install := command("mariadb-install-db", "--no-defaults", "--datadir="+data, "--auth-root-authentication-method=normal", "--skip-test-db")
	if out, err := install.CombinedOutput(); err != nil {
		t.Fatalf("mariadb-install-db, of Debian's packages mariadb-server-core and mariadb-client-core: %v\n%s", err, out)
	}
	setup := filepath.Join(dir, "setup.sql")
	must(t, os.WriteFile(setup, []byte("CREATE DATABASE stock;\nCREATE USER pipe@'%' IDENTIFIED BY 'hush-hush';\nGRANT ALL ON stock.* TO pipe@'%';\n"), 0o644))
	port := freePort(t)
	log, err := os.Create(filepath.Join(dir, "log"))
	must(t, err)
	server := command("mariadbd", "--no-defaults", "--datadir="+data, "--bind-address=127.0.0.1", fmt.Sprint("--port=", port),
		"--socket="+filepath.Join(dir, "s"), "--pid-file="+filepath.Join(dir, "pid"), "--init-file="+setup, "--innodb-flush-log-at-trx-commit=0", "--skip-name-resolve")
	server.Stdout, server.Stderr = log, log
	must(t, server.Start())
	gone := make(chan error, 1)
	var watch sync.WaitGroup
	watch.Go(func() {
		gone <- server.Wait()
		close(gone)
	})
	t.Cleanup(func() {
		end(t, server, gone)
		watch.Wait()
		_ = log.Close()
	})
	awaitPort(t, port, gone, log.Name())
	return fmt.Sprintf("mysql://pipe:hush-hush@127.0.0.1:%d/stock", port)
}

func end(t testing.TB, server *exec.Cmd, gone <-chan error) {
	_ = server.Process.Signal(syscall.SIGTERM)
	select {
	case <-gone:
	case <-time.After(startLimit):
		_ = server.Process.Kill()
		t.Errorf("the server did not end within %v", startLimit)
	}
}

// awaitPort waits until the server answers.
func awaitPort(t testing.TB, port int, gone <-chan error, log string) {
	t.Helper()
	retry := time.NewTicker(50 * time.Millisecond)
	defer retry.Stop()
	limit := time.After(startLimit)
	for {
		conn, err := net.DialTimeout("tcp", fmt.Sprintf("127.0.0.1:%d", port), time.Second)
		if err == nil {
			_ = conn.Close()
			return
		}
		select {
		case <-retry.C:
		case err := <-gone:
			text, _ := os.ReadFile(log)
			t.Fatalf("the server ended: %v\n%s", err, text)
		case <-limit:
			t.Fatalf("the server does not answer: %v", err)
		}
	}
}
