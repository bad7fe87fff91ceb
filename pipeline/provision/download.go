package provision

import (
	"archive/tar"
	"archive/zip"
	"compress/gzip"
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"net"
	"net/http"
	"net/url"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"time"
)

// playwrightHosts serve Playwright's driver; the list is playwright-go's.
var playwrightHosts = []string{
	"https://playwright.azureedge.net",
	"https://playwright-akamai.azureedge.net",
	"https://playwright-verizon.azureedge.net",
}

const hostVariable = "PLAYWRIGHT_DOWNLOAD_HOST"

// connectLimit is how long a host may take to be reached at all, so that a
// machine without that network goes on at once.
const connectLimit = 3 * time.Second

// idleLimit is how long a download may stand still.
const idleLimit = 30 * time.Second

// driverFromPlaywright takes the driver, with its own node, from Playwright.
func (o Options) driverFromPlaywright(ctx context.Context, dir string) error {
	hosts := playwrightHosts
	if own := os.Getenv(hostVariable); own != "" {
		hosts = []string{own}
	}
	var failed error
	for _, host := range hosts {
		from := fmt.Sprintf("%s/builds/driver/playwright-%s-%s.zip", strings.TrimSuffix(host, "/"), DriverVersion, platform())
		err := o.driverZip(ctx, from, dir)
		if err == nil || ctx.Err() != nil {
			return err
		}
		failed = fmt.Errorf("%s: %w", from, err)
	}
	return fmt.Errorf("playwright's own download, from %s: %w", count(len(hosts)), failed)
}

func count(hosts int) string {
	if hosts == 1 {
		return "one host"
	}
	return fmt.Sprintf("%d hosts, the last", hosts)
}

func platform() string {
	names := map[string]string{
		"windows/amd64": "win32_x64", "windows/arm64": "win32_arm64", "darwin/arm64": "mac-arm64", "darwin/amd64": "mac",
		"linux/arm64": "linux-arm64", "linux/amd64": "linux",
	}
	return names[runtime.GOOS+"/"+runtime.GOARCH]
}

func (o Options) driverZip(ctx context.Context, from, dir string) error {
	if err := reachable(ctx, from); err != nil {
		return err
	}
	o.say("  from %s", from)
	file := filepath.Join(dir, "driver.zip")
	if err := o.download(ctx, from, file); err != nil {
		return err
	}
	if err := unzip(file, dir); err != nil {
		return err
	}
	return os.Remove(file)
}

// reachable tries to connect to an address's host, or to the proxy for it.
func reachable(ctx context.Context, address string) error {
	u, err := url.Parse(address)
	if err != nil {
		return err
	}
	proxy, err := http.ProxyFromEnvironment(&http.Request{URL: u})
	if err != nil {
		return err
	}
	if proxy != nil {
		u = proxy
	}
	port := u.Port()
	if port == "" {
		port = map[string]string{"http": "80", "https": "443"}[u.Scheme]
	}
	dialer := net.Dialer{Timeout: connectLimit}
	conn, err := dialer.DialContext(ctx, "tcp", net.JoinHostPort(u.Hostname(), port))
	if err != nil {
		return fmt.Errorf("%s is not reached: %w", u.Host, err)
	}
	return conn.Close()
}

// download saves a file and tells how far it has come.
func (o Options) download(ctx context.Context, from, to string) error {
	ctx, cancel := context.WithCancelCause(ctx)
	defer cancel(nil)
	idle := time.AfterFunc(idleLimit, func() { cancel(fmt.Errorf("nothing came for %v", idleLimit)) })
	defer idle.Stop()
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, from, nil)
	if err != nil {
		return err
	}
	answer, err := http.DefaultClient.Do(req)
	if err != nil {
		return errors.Join(context.Cause(ctx), err)
	}
	defer func() { _ = answer.Body.Close() }()
	if answer.StatusCode != http.StatusOK {
		return fmt.Errorf("the answer is %s", answer.Status)
	}
	file, err := os.Create(filepath.Clean(to))
	if err != nil {
		return err
	}
	meter := &meter{total: answer.ContentLength, moved: func() { idle.Reset(idleLimit) }, say: o.say}
	n, err := io.Copy(file, io.TeeReader(answer.Body, meter))
	err = errors.Join(err, file.Close())
	if err == nil && answer.ContentLength >= 0 && n != answer.ContentLength {
		err = io.ErrUnexpectedEOF
	}
	if err != nil {
		return fmt.Errorf("after %d of %d bytes: %w", n, answer.ContentLength, errors.Join(context.Cause(ctx), err))
	}
	return nil
}

// meter tells every tenth of a download.
type meter struct {
	total, done, told int64
	moved             func()
	say               func(string, ...any)
}

func (m *meter) Write(p []byte) (int, error) {
	m.moved()
	m.done += int64(len(p))
	if m.total > 0 && m.done*10/m.total > m.told {
		m.told = m.done * 10 / m.total
		m.say("  %d %% of %d MB", m.told*10, m.total>>20)
	}
	return len(p), nil
}

// largest bounds one file of an archive, in bytes.
const largest = 1 << 30

// unzip unpacks an archive; nothing of it leaves the folder.
func unzip(file, dir string) error {
	r, err := zip.OpenReader(file)
	if err != nil {
		return fmt.Errorf("the download is no whole zip: %w", err)
	}
	defer func() { _ = r.Close() }()
	root, err := os.OpenRoot(dir)
	if err != nil {
		return err
	}
	defer func() { _ = root.Close() }()
	for _, entry := range r.File {
		if entry.FileInfo().IsDir() {
			continue
		}
		body, err := entry.Open()
		if err != nil {
			return err
		}
		err = write(root, entry.Name, entry.Mode(), body)
		if err := errors.Join(err, body.Close()); err != nil {
			return err
		}
	}
	return nil
}

// untar unpacks a .tgz; nothing of it leaves the folder.
func untar(file, dir string) error {
	f, err := os.Open(filepath.Clean(file))
	if err != nil {
		return err
	}
	defer func() { _ = f.Close() }()
	gz, err := gzip.NewReader(f)
	if err != nil {
		return err
	}
	root, err := os.OpenRoot(dir)
	if err != nil {
		return err
	}
	defer func() { _ = root.Close() }()
	for r := tar.NewReader(gz); ; {
		entry, err := r.Next()
		if errors.Is(err, io.EOF) {
			return nil
		}
		if err != nil {
			return err
		}
		if entry.Typeflag == tar.TypeReg {
			if err := write(root, entry.Name, entry.FileInfo().Mode(), r); err != nil {
				return err
			}
		}
	}
}

func write(root *os.Root, name string, mode fs.FileMode, body io.Reader) error {
	name = filepath.FromSlash(name)
	if !filepath.IsLocal(name) {
		return fmt.Errorf("the archive holds %q, which leaves the folder", name)
	}
	if err := root.MkdirAll(filepath.Dir(name), 0o755); err != nil {
		return err
	}
	file, err := root.OpenFile(name, os.O_CREATE|os.O_WRONLY|os.O_TRUNC, 0o644|mode.Perm()&0o111)
	if err != nil {
		return err
	}
	n, err := io.Copy(file, io.LimitReader(body, largest+1))
	if err == nil && n > largest {
		err = fmt.Errorf("%q is over 1 GB", name)
	}
	return errors.Join(err, file.Close())
}
