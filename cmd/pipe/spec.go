package main

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"

	"pipe/pipeline/artifact"
	"pipe/pipeline/source/file"
	"pipe/specs"
	"pipe/steps"
)

// reading is what a spec is read with.
type reading struct {
	set     map[string]string
	secrets string
	// profile is laid over the spec; "" is none.
	profile string
	// env gives variables that go before the environment's.
	env map[string]string
	// lenient reads a spec whose environment is not set up.
	lenient bool
}

// options is how a spec is read, and the secrets that it uses.
func (r reading) options() (specs.Options, *specs.Secrets, error) {
	env := func(name string) (string, bool) {
		if v, ok := r.env[name]; ok {
			return v, true
		}
		v, ok := os.LookupEnv(name)
		return v, ok || r.lenient
	}
	secrets := specs.NewSecrets(env)
	if r.secrets != "" {
		if err := secrets.ReadFile(r.secrets); err != nil {
			return specs.Options{}, nil, exit(ExitSpec, err)
		}
	}
	opts := specs.Options{Verbs: steps.Verbs(), Set: r.set, Secrets: secrets, Env: env, Destination: buckets.CheckDestination, Profile: r.profile}
	if !r.lenient {
		opts.Columns, opts.Reads = columns, readable
	}
	return opts, secrets, nil
}

// load reads a spec, and gives the secrets that it uses.
func (r reading) load(path string) (*specs.Spec, *specs.Secrets, error) {
	opts, secrets, err := r.options()
	if err != nil {
		return nil, nil, err
	}
	spec, err := specs.Load(path, opts)
	if errors.Is(err, fs.ErrNotExist) {
		// Outside the repository the shipped specs are those built in.
		if src, is := specs.ReadShipped(path); is {
			spec, err = specs.Parse(path, src, opts)
		}
	}
	if errors.Is(err, fs.ErrNotExist) {
		err = fmt.Errorf("there is no spec at %s: see specs/inventory.yaml for one to begin with", path)
	}
	if err != nil {
		return nil, secrets, exit(ExitSpec, err)
	}
	return spec, secrets, nil
}

// loadKept reads a spec for a look at what it has kept. Of secrets and
// environment variables it needs those alone that say where the files are and
// what they must be.
func (r reading) loadKept(path string) (*specs.Spec, *specs.Secrets, error) {
	strict := r
	strict.lenient = false
	_, secrets, err := strict.load(path)
	var faults, needed specs.Faults
	if errors.As(err, &faults) {
		for _, f := range faults {
			if strings.Contains(f.Message, " is not set") && (f.Path == "files" || strings.Contains(f.Path, "capture.expect")) {
				needed = append(needed, f)
			}
		}
	}
	if len(needed) > 0 {
		return nil, secrets, exit(ExitSpec, needed)
	}
	r.lenient = true
	return r.load(path)
}

// readable finds why a file cannot be read.
func readable(path string) error {
	f, err := os.Open(filepath.Clean(path))
	if errors.Is(err, fs.ErrNotExist) {
		return fmt.Errorf("there is no file %s (relative to the working directory)", path)
	}
	if err != nil {
		return err
	}
	return f.Close()
}

// columns gives the names that expressions may use of a CSV file's rows.
func columns(path, delimiter string) ([]string, error) {
	f, err := os.Open(filepath.Clean(path))
	if err != nil {
		if errors.Is(err, fs.ErrNotExist) {
			return nil, fmt.Errorf("there is no file %s (relative to the working directory)", path)
		}
		return nil, err
	}
	defer func() { _ = f.Close() }()
	found, err := file.Headers(f, file.CSVOptions{Delimiter: rune0(delimiter)})
	if err != nil {
		return nil, err
	}
	var names []string
	for _, c := range found {
		names = append(names, c.Header)
		if c.Ident != "" && c.Ident != c.Header {
			names = append(names, c.Ident)
		}
	}
	return names, nil
}

func rune0(text string) rune {
	for _, r := range text {
		return r
	}
	return 0
}

// outFolder is where a spec's output goes.
func outFolder(flag string, spec *specs.Spec) (string, error) {
	if flag == "" {
		flag = filepath.Join("out", spec.OutName())
	}
	dir, err := filepath.Abs(flag)
	if err != nil {
		return "", exit(ExitEnvironment, fmt.Errorf("finding the output folder: %w", err))
	}
	return dir, nil
}

// buckets are those that a spec's `files` may name: none, unless the program is
// built with the tag of that name, as their drivers are half of it.
var buckets artifact.Buckets

// openStore opens a spec's output folder, and where its files go.
func openStore(ctx context.Context, dir string, spec *specs.Spec, opts artifact.Options) (*artifact.Store, error) {
	files, err := spec.Files.Text(spec.Values)
	if err != nil {
		return nil, exit(ExitSpec, fmt.Errorf("files: %w", err))
	}
	if files == "" && !spec.Files.Empty() {
		return nil, exit(ExitSpec, errors.New("files: the destination is empty; is the value that it is made of missing?"))
	}
	opts.Files, opts.Buckets = files, buckets
	return artifact.Open(ctx, dir, opts)
}

const (
	ledgerFile = "ledger.sqlite"
	lockFile   = ".lock"
)

func ledgerPath(dir string) string { return filepath.Join(dir, ledgerFile) }
