package app

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"net"
	"net/url"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"pipe/pipeline/atomicfile"
	"pipe/specs"
	"pipe/steps"
)

// specFile is where an output folder keeps which spec it belongs to.
const specFile = ".spec.json"

// folderSpec is what of a spec must stay as it is for what its output folder holds to
// be its own.
type folderSpec struct {
	// Path is the spec's file, relative to the folder, so that both may be moved
	// together.
	Path     string   `json:"path"`
	Revision string   `json:"revision"`
	BaseURL  string   `json:"base_url"`
	Key      string   `json:"key"`
	As       []string `json:"as"`
}

func folderSpecOf(dir string, spec *specs.Spec, redact func(string) string) (folderSpec, error) {
	base, err := spec.BaseURL.Text(spec.Values)
	if err != nil {
		return folderSpec{}, Exit(ExitSpec, fmt.Errorf("base_url: %w", err))
	}
	of := folderSpec{Path: spec.File, Revision: spec.Revision, BaseURL: redact(siteOf(base)), Key: spec.Key.Raw()}
	if path, err := filepath.Abs(spec.File); err == nil {
		of.Path = path
		if relative, err := filepath.Rel(dir, path); err == nil {
			of.Path = relative
		}
	}
	for _, step := range slices.Concat(specs.StepsIn(spec.Navigate.Steps), specs.StepsIn(spec.Download.Steps)) {
		if capture, ok := step.Do.(*steps.Capture); ok {
			of.As = append(of.As, capture.As.Raw())
		}
	}
	slices.Sort(of.As)
	return of, nil
}

// siteOf is the site that an address is of. A site on this machine may be on another
// port each time.
func siteOf(address string) string {
	u, err := url.Parse(address)
	if err != nil || u.Host == "" {
		return address
	}
	u.User, u.RawQuery, u.Fragment = nil, "", ""
	if ip := net.ParseIP(u.Hostname()); ip.IsLoopback() || u.Hostname() == "localhost" {
		u.Host = u.Hostname()
	}
	return strings.TrimSuffix(u.String(), "/")
}

// claim makes sure that an output folder is the spec's, or is made so by adopt,
// before anything happens.
func claim(dir string, spec *specs.Spec, redact func(string) string, adopt bool) error {
	own, err := folderSpecOf(dir, spec, redact)
	if err != nil {
		return err
	}
	path := filepath.Join(dir, specFile)
	src, err := os.ReadFile(path) //nolint:gosec // the output folder's own
	var had folderSpec
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return own.write(path)
	case err != nil:
		return fmt.Errorf("reading whose output folder it is: %w", err)
	}
	if err := json.Unmarshal(src, &had); err != nil && !adopt {
		return Exit(ExitSpec, fmt.Errorf("%s does not tell whose output folder it is (%w): --adopt makes it this spec's", relative(path), err))
	}
	if changed := own.differs(dir, had); len(changed) > 0 && !adopt {
		return Exit(ExitSpec, fmt.Errorf("what is in %s was made by another spec, or by this one as it was:\n  %s\n"+
			"nothing was done. Give this one another folder by --out, or put it back as it was; with --adopt it goes on here, "+
			"and what is done stays as it is, under its old keys and names", relative(dir), strings.Join(changed, "\n  ")))
	}
	return own.write(path)
}

func (f folderSpec) write(path string) error {
	src, err := json.MarshalIndent(f, "", "  ")
	if err == nil {
		err = atomicfile.Write(path, func(w io.Writer) error {
			_, err := w.Write(append(src, '\n'))
			return err
		})
	}
	if err != nil {
		return fmt.Errorf("noting whose output folder it is: %w", err)
	}
	return nil
}

// differs tells what is not as it was. A spec at another path is another one if the
// one before is still at its own, and not the same.
func (f folderSpec) differs(dir string, had folderSpec) []string {
	var all []string
	tell := func(what, was, is string) { all = append(all, fmt.Sprintf("%s was %q and is %q", what, was, is)) }
	if f.Path != had.Path && f.Revision != had.Revision && isThere(dir, had.Path) {
		tell("the spec's file", had.Path, f.Path)
	}
	if f.BaseURL != had.BaseURL {
		tell("base_url", had.BaseURL, f.BaseURL)
	}
	if f.Key != had.Key {
		tell("key", had.Key, f.Key)
	}
	if !slices.Equal(f.As, had.As) {
		tell("the files' names (as)", strings.Join(had.As, ", "), strings.Join(f.As, ", "))
	}
	return all
}

func isThere(dir, path string) bool {
	if !filepath.IsAbs(path) {
		path = filepath.Join(dir, path)
	}
	_, err := os.Stat(path)
	return err == nil
}
