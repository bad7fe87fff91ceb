package provision

import (
	"archive/zip"
	"bytes"
	"fmt"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
)

// machine is a machine with nothing on it but what a test puts there.
type machine struct {
	t    *testing.T
	opts Options
	// bin is its whole PATH.
	bin string

	mu   sync.Mutex
	said []string
}

func newMachine(t *testing.T) *machine {
	t.Helper()
	m := &machine{t: t, bin: t.TempDir()}
	m.opts = Options{Dir: t.TempDir(), Say: func(line string) {
		m.mu.Lock()
		defer m.mu.Unlock()
		m.said = append(m.said, line)
	}}
	t.Setenv("PATH", m.bin)
	t.Setenv("HOME", t.TempDir())
	for _, name := range []string{"XDG_CACHE_HOME", "PIPE_BROWSER", "PIPE_CACHE", driverVariable, nodeVariable, "PLAYWRIGHT_BROWSERS_PATH"} {
		t.Setenv(name, "")
	}
	// Nothing is reached: port 1 refuses at once.
	t.Setenv(hostVariable, "http://127.0.0.1:1")
	return m
}

// program puts a shell script into the PATH.
func (m *machine) program(name, script string) string {
	m.t.Helper()
	path := filepath.Join(m.bin, name)
	write0(m.t, path, "#!/bin/sh\n"+script+"\n")
	return path
}

func write0(t *testing.T, path, text string) {
	t.Helper()
	if err := os.MkdirAll(filepath.Dir(path), 0o750); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(path, []byte(text), 0o700); err != nil {
		t.Fatal(err)
	}
}

func (m *machine) saw(texts ...string) {
	m.t.Helper()
	m.mu.Lock()
	defer m.mu.Unlock()
	all := strings.Join(m.said, "\n")
	for _, text := range texts {
		if !strings.Contains(all, text) {
			m.t.Errorf("nobody said %q:\n%s", text, all)
		}
	}
}

// files of a driver of the right version.
func driverFiles() map[string]string {
	return map[string]string{
		"package/package.json": fmt.Sprintf(`{"name": "playwright-core", "version": %q}`, DriverVersion),
		"package/cli.js":       "// the driver",
		"node":                 "#!/bin/sh\necho v22.0.0\n",
	}
}

func zipOf(t *testing.T, files map[string]string) []byte {
	t.Helper()
	var buf bytes.Buffer
	w := zip.NewWriter(&buf)
	for name, text := range files {
		h := &zip.FileHeader{Name: name, Method: zip.Deflate}
		h.SetMode(0o755)
		f, err := w.CreateHeader(h)
		if err == nil {
			_, err = f.Write([]byte(text))
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	return buf.Bytes()
}

// host serves a driver's zip as Playwright does, and counts.
func host(t *testing.T, body []byte, length int) *atomic.Int32 {
	t.Helper()
	var asked atomic.Int32
	s := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		asked.Add(1)
		if !strings.HasPrefix(r.URL.Path, "/builds/driver/playwright-"+DriverVersion) || body == nil {
			http.NotFound(w, r)
			return
		}
		w.Header().Set("Content-Length", fmt.Sprint(length))
		_, _ = w.Write(body)
	}))
	t.Cleanup(s.Close)
	t.Setenv(hostVariable, s.URL)
	return &asked
}
