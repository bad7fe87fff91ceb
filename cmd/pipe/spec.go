package main

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"pipe/pipeline/ledger"
	"pipe/pipeline/source"
	"pipe/specs"
	"pipe/steps"
)

// reading is what a spec is read with.
type reading struct {
	set     map[string]string
	secrets string
	// env gives variables that go before the environment's.
	env map[string]string
	// lenient reads a spec whose environment is not set up.
	lenient bool
}

// load reads a spec, and gives the secrets that it uses.
func (r reading) load(path string) (*specs.Spec, *specs.Secrets, error) {
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
			return nil, nil, exit(ExitSpec, err)
		}
	}
	opts := specs.Options{Verbs: steps.Verbs(), Set: r.set, Secrets: secrets, Env: env}
	if !r.lenient {
		opts.Columns = columns
	}
	spec, err := specs.Load(path, opts)
	if errors.Is(err, fs.ErrNotExist) && path == specs.InventoryPath {
		// Outside the repository the shipped spec is the one built in.
		spec, err = specs.Parse(path, specs.Inventory, opts)
	}
	if errors.Is(err, fs.ErrNotExist) {
		err = fmt.Errorf("there is no spec at %s: see specs/inventory.yaml for one to begin with", path)
	}
	if err != nil {
		return nil, secrets, exit(ExitSpec, err)
	}
	return spec, secrets, nil
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
	found, err := source.Headers(f, source.CSVOptions{Delimiter: rune0(delimiter)})
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
		flag = filepath.Join("out", spec.Name)
	}
	dir, err := filepath.Abs(flag)
	if err != nil {
		return "", exit(ExitEnvironment, fmt.Errorf("finding the output folder: %w", err))
	}
	return dir, nil
}

const ledgerFile = "ledger.sqlite"

func ledgerPath(dir string) string { return filepath.Join(dir, ledgerFile) }

var _ = ledger.Open
