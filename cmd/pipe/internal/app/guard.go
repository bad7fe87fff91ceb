package app

import (
	"fmt"
	"net/url"
	"os"
	"path/filepath"
	"strings"

	"pipe/specs"
	"pipe/specs/document"
	"pipe/specs/secret"
)

// guard keeps those who have specs read from seeing more than the specs' folder: files are read
// within it alone, and neither secrets nor values of the environment are told. Addresses of sites
// are no secret, but for those with a password or a query.
type guard struct {
	// root is the folder, as the system knows it.
	root    string
	secrets *secret.Store
	env     *secret.Store
}

// newGuard guards the working directory; file is that of the secrets, "" for none.
func newGuard(file string) (*guard, error) {
	root, err := os.Getwd()
	if err == nil {
		root, err = filepath.EvalSymlinks(root)
	}
	if err != nil {
		return nil, Exit(ExitEnvironment, fmt.Errorf("finding the folder of the specs: %w", err))
	}
	g := &guard{root: root, secrets: secret.New(os.LookupEnv), env: secret.New(os.LookupEnv)}
	if file != "" {
		if err := g.secrets.ReadFile(file); err != nil {
			return nil, Exit(ExitSpec, err)
		}
	}
	return g, nil
}

// redact takes all out of a text that was looked up for any spec.
func (g *guard) redact(text string) string { return g.env.Redact(g.secrets.Redact(text)) }

// within gives a path as one within the folder, links followed; it is an error that it is not.
func (g *guard) within(path string) (string, error) {
	outside := fmt.Errorf("%s is outside of the folder that this server was started in", path)
	full := path
	if !filepath.IsAbs(full) {
		full = filepath.Join(g.root, path)
	}
	real, err := filepath.EvalSymlinks(full)
	if err != nil {
		real = filepath.Clean(full) // it is not there: what it would be counts
	}
	relative, err := filepath.Rel(g.root, real)
	if err != nil || !filepath.IsLocal(relative) {
		return "", outside
	}
	return relative, nil
}

// apply guards what a spec is read with.
func (g *guard) apply(opts *specs.Options, lenient bool) *secret.Store {
	opts.Secrets = secret.New(func(name string) (string, bool) {
		v, ok := g.secrets.Lookup(name)
		return v, ok || lenient
	})
	opts.Env = func(name string) (string, bool) {
		v, ok := os.LookupEnv(name)
		if ok && !isPublicAddress(v) {
			g.env.Lookup(name) // to be hidden
		}
		return v, ok || lenient
	}
	opts.Include = func(path string) ([]byte, error) {
		if _, err := g.within(path); err != nil {
			return nil, err
		}
		return document.ReadFile(path)
	}
	opts.Reads = func(path string) error {
		if _, err := g.within(path); err != nil {
			return err
		}
		if lenient {
			return nil
		}
		return readable(path)
	}
	opts.Columns = func(path string, csv *specs.CSV) ([]string, error) {
		if _, err := g.within(path); err != nil {
			return nil, err
		}
		if lenient {
			return nil, nil
		}
		return columns(path, csv)
	}
	return opts.Secrets
}

// isPublicAddress tells whether a value is the address of a site and nothing more.
func isPublicAddress(value string) bool {
	u, err := url.Parse(strings.TrimSpace(value))
	return err == nil && (u.Scheme == "http" || u.Scheme == "https") && u.Host != "" && u.User == nil && u.RawQuery == "" && u.Fragment == ""
}
