package app

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"time"

	"pipe/pipeline/artifact"
	"pipe/pipeline/htmlpage"
	"pipe/pipeline/source/file"
	"pipe/specs"
	"pipe/specs/document"
	"pipe/specs/secret"
	"pipe/steps"
)

// SpecOptions are what a spec is read with; the zero value is no more than the
// environment.
type SpecOptions struct {
	// Set gives vars of the spec other values, by their names.
	Set map[string]string
	// Secrets is a file of NAME=value lines, which go before the environment's;
	// "" is none.
	Secrets string
	// Profile is laid over the spec; "" is none.
	Profile string
	// Env gives variables that go before the environment's.
	Env map[string]string
	// Given takes what the machine has for given: variables, secrets, and files that are
	// not there.
	Given bool
	// Lenient reads a spec whose environment is not set up.
	Lenient bool
	// sealed leaves the process's environment out: there is Env alone.
	sealed bool
	// now is the clock of expressions; nil is time.Now.
	now func() time.Time
	// guard, if set, keeps what the spec may read to a folder, and secrets from being told.
	guard *guard
}

// options is how a spec is read, and the secrets that it uses.
func (r SpecOptions) options() (specs.Options, *secret.Store, error) {
	env := func(name string) (string, bool) {
		if v, ok := r.Env[name]; ok {
			return v, true
		}
		if r.sealed {
			return "", r.Lenient
		}
		v, ok := os.LookupEnv(name)
		return v, ok || r.Lenient
	}
	secrets := secret.New(env)
	if r.Secrets != "" && !r.Given && r.guard == nil {
		if err := secrets.ReadFile(r.Secrets); err != nil {
			return specs.Options{}, nil, Exit(ExitSpec, err)
		}
	}
	opts := specs.Options{Verbs: steps.Verbs(), Set: r.Set, Secrets: secrets, Env: env, Destination: Buckets.CheckDestination, WithoutPage: htmlpage.Needs, Profile: r.Profile, Given: r.Given, Now: r.now}
	if !r.Lenient && !r.sealed {
		opts.Columns, opts.Reads = columns, readable
	}
	if r.Given {
		opts.Columns, opts.Reads = givenColumns, given(readable)
	}
	if r.guard != nil {
		secrets = r.guard.apply(&opts, r.Lenient)
	}
	return opts, secrets, nil
}

// Load reads a spec, and gives the secrets that it uses.
func (r SpecOptions) Load(path string) (*specs.Spec, *secret.Store, error) {
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
		return nil, secrets, Exit(ExitSpec, err)
	}
	return spec, secrets, nil
}

// parse reads another text of a spec's file.
func (r SpecOptions) parse(file string, text []byte) (*specs.Spec, error) {
	opts, _, err := r.options()
	if err != nil {
		return nil, err
	}
	return specs.Parse(file, text, opts)
}

// LoadKept reads a spec for a look at what it has kept. Of secrets and
// environment variables it needs those alone that say where the files are and
// what they must be.
func (r SpecOptions) LoadKept(path string) (*specs.Spec, *secret.Store, error) {
	strict := r
	strict.Lenient = false
	_, secrets, err := strict.Load(path)
	var faults, needed document.Faults
	if errors.As(err, &faults) {
		for _, f := range faults {
			if strings.Contains(f.Message, " is not set") && (f.Path == "files" || strings.Contains(f.Path, "capture.expect")) {
				needed = append(needed, f)
			}
		}
	}
	if len(needed) > 0 {
		return nil, secrets, Exit(ExitSpec, needed)
	}
	r.Lenient = true
	return r.Load(path)
}

// LoadFolder is LoadKept, and gives the output folder too: out, or the spec's own for "".
// The error tells no secret.
func (r SpecOptions) LoadFolder(path, out string) (*specs.Spec, *secret.Store, string, error) {
	spec, secrets, err := r.LoadKept(path)
	dir := ""
	if err == nil {
		dir, err = OutFolder(out, spec)
	}
	return spec, secrets, dir, RedactError(err, secrets)
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
func columns(path string, csv *specs.CSV) ([]string, error) {
	f, err := os.Open(filepath.Clean(path))
	if err != nil {
		if errors.Is(err, fs.ErrNotExist) {
			return nil, fmt.Errorf("there is no file %s (relative to the working directory)", path)
		}
		return nil, err
	}
	defer func() { _ = f.Close() }()
	found, err := file.Headers(f, file.CSVOptions{Delimiter: rune0(csv.Delimiter), Encoding: csv.Encoding, HeaderLine: csv.Header})
	if err != nil {
		return nil, err
	}
	return specs.ColumnNames(found), nil
}

// given finds what is wrong with a file, and takes one that is not there for given.
func given(check func(string) error) func(string) error {
	return func(path string) error {
		if _, err := os.Stat(path); errors.Is(err, fs.ErrNotExist) {
			return nil
		}
		return check(path)
	}
}

// givenColumns is columns, with all names open where the file is not there.
func givenColumns(path string, csv *specs.CSV) (names []string, err error) {
	err = given(func(path string) error {
		names, err = columns(path, csv)
		return err
	})(path)
	return names, err
}

func rune0(text string) rune {
	for _, r := range text {
		return r
	}
	return 0
}

// OutFolder is where a spec's output goes.
func OutFolder(flag string, spec *specs.Spec) (string, error) {
	if flag == "" {
		flag = filepath.Join("out", spec.OutName())
	}
	dir, err := filepath.Abs(flag)
	if err != nil {
		return "", Exit(ExitEnvironment, fmt.Errorf("finding the output folder: %w", err))
	}
	return dir, nil
}

// Buckets are those that a spec's `files` may name: none, unless the program is
// built with the tag of that name, as their drivers are half of it.
var Buckets artifact.Buckets

// openStore opens a spec's output folder, and where its files go.
func openStore(ctx context.Context, dir string, spec *specs.Spec, opts artifact.Options) (*artifact.Store, error) {
	files, err := spec.Files.Text(spec.Values)
	if err != nil {
		return nil, Exit(ExitSpec, fmt.Errorf("files: %w", err))
	}
	if files == "" && !spec.Files.Empty() {
		return nil, Exit(ExitSpec, errors.New("files: the destination is empty; is the value that it is made of missing?"))
	}
	opts.Files, opts.Buckets = files, Buckets
	return artifact.Open(ctx, dir, opts)
}

const ledgerFile = "ledger.sqlite"

// LedgerPath is the ledger of an output folder.
func LedgerPath(dir string) string { return filepath.Join(dir, ledgerFile) }
