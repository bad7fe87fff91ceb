package app

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"os/signal"
	"path/filepath"
	"runtime"
	"strings"
	"syscall"

	"gopkg.in/yaml.v3"

	"pipe/pipeline/atomicfile"
	"pipe/pipeline/bench"
	"pipe/pipeline/practice"
	"pipe/pipeline/provision"
	"pipe/specs"
	"pipe/specs/document"
	peers "pipe/testdata/bench"
)

// BenchOptions are what `pipe bench` takes from its command line.
type BenchOptions struct {
	Profile     string
	Items, Runs int
	// Shapes are as 1x5; Peer is none, script, fused or both.
	Shapes []string
	Peer   string
	// Latencies are the site's; NoLatency is for a site that answers at once.
	Latencies bench.Latencies
	NoBlock   bool
	// Other is another pipe to be measured beside this one, JSON where the report goes as
	// JSON; "" is none.
	Other, JSON string
}

// Bench is `pipe bench`: it measures this program, with one spec or several, against its
// peers on the practice site.
func Bench(ctx context.Context, paths []string, f BenchOptions, std Std) error {
	ctx, stop := signal.NotifyContext(ctx, os.Interrupt, syscall.SIGTERM)
	defer stop()
	if runtime.GOOS != "linux" {
		return Exit(ExitEnvironment, errors.New("pipe bench reads what processes take from /proc, which Linux alone has"))
	}
	dir, err := os.MkdirTemp("", "pipe-bench-*")
	if err != nil {
		return Exit(ExitEnvironment, fmt.Errorf("making a folder to measure in: %w", err))
	}
	defer func() { _ = os.RemoveAll(dir) }()
	say := func(line string) { fmt.Fprintln(std.Err, line) }
	opts, err := f.measured(paths, dir)
	if err != nil {
		return err
	}
	if err := opts.Check(); err != nil {
		return Exit(ExitSpec, err)
	}
	rt, err := provision.Ensure(ctx, provision.Options{Say: say})
	if err != nil {
		return Exit(ExitEnvironment, err)
	}
	opts.Node, opts.Driver, opts.Browser, opts.Say = rt.Node, rt.DriverDir, rt.Browser, say
	report, failed := bench.Measure(ctx, opts)
	report.Versions = map[string]string{
		"pipe": Version(), "go": runtime.Version(), "driver": rt.DriverVersion, "browser": rt.BrowserVersion,
	}
	if len(report.Shapes) > 0 {
		err = f.tell(report, std)
	}
	switch {
	case ctx.Err() != nil:
		return Exit(ExitInterrupted, errors.New("interrupted: what was measured until then is told"))
	case failed != nil:
		return Exit(ExitEnvironment, failed)
	}
	return err
}

// measured is what is to be measured, with the specs in dir.
func (f BenchOptions) measured(paths []string, dir string) (bench.Options, error) {
	o := bench.Options{Items: f.Items, Runs: f.Runs, Latencies: f.Latencies, Dir: dir, Scripts: peers.Files}
	var err error
	if o.Peers, err = bench.ParsePeers(f.Peer); err != nil {
		return o, Exit(ExitSpec, err)
	}
	for _, text := range f.Shapes {
		s, err := bench.ParseShape(text)
		if err != nil {
			return o, Exit(ExitSpec, err)
		}
		o.Shapes = append(o.Shapes, s)
	}
	for i, path := range paths {
		args, spec, err := f.specArgs(path, filepath.Join(dir, fmt.Sprint(i)))
		if err != nil {
			return o, err
		}
		if i == 0 && !f.NoBlock {
			o.Block = spec.Pool.Block
		}
		name := "pipe"
		if len(paths) > 1 {
			name += " " + path
		}
		o.Pipes = append(o.Pipes, bench.Pipe{Name: name, Program: os.Args[0], Args: args})
		if f.Other != "" {
			o.Pipes = append(o.Pipes, bench.Pipe{Name: strings.Replace(name, "pipe", "other", 1), Program: f.Other, Args: args})
		}
	}
	return o, nil
}

// specArgs are the arguments of a run of the spec, which is written to dir without its
// pace: how long pages rest is no speed.
func (f BenchOptions) specArgs(path, dir string) ([]string, *specs.Spec, error) {
	src, err := readSpec(path)
	if err != nil {
		return nil, nil, err
	}
	if src, err = unpaced(src); err != nil {
		return nil, nil, Exit(ExitSpec, fmt.Errorf("%s: %w", path, err))
	}
	copied := filepath.Join(dir, filepath.Base(path))
	if err := errors.Join(os.MkdirAll(dir, 0o700), os.WriteFile(copied, src, 0o600)); err != nil {
		return nil, nil, Exit(ExitEnvironment, err)
	}
	env := map[string]string{"INVENTORY_URL": "http://127.0.0.1", "DEALER_USERNAME": practice.DefaultUser, "DEALER_PASSWORD": practice.DefaultPassword, "DEALER_OTP": practice.DefaultSeed}
	spec, _, err := SpecOptions{Env: env, Profile: f.Profile}.Load(copied)
	if err != nil {
		return nil, nil, err
	}
	args := []string{"run", copied}
	if f.Profile != "" {
		args = append(args, "--profile", f.Profile)
	}
	if f.NoBlock {
		args = append(args, "--no-block")
	}
	return args, spec, nil
}

// readSpec reads a spec's text; outside the repository the shipped ones are built in.
func readSpec(path string) ([]byte, error) {
	src, err := os.ReadFile(filepath.Clean(path))
	if errors.Is(err, fs.ErrNotExist) {
		if shipped, is := specs.ReadShipped(path); is {
			return shipped, nil
		}
		return nil, Exit(ExitSpec, fmt.Errorf("there is no spec at %s: leave it out for the main job", path))
	}
	return src, err
}

// unpaced takes pool.pace out of a spec, and out of its profiles.
func unpaced(src []byte) ([]byte, error) {
	var root yaml.Node
	if err := yaml.Unmarshal(src, &root); err != nil || len(root.Content) == 0 {
		return src, err // a spec that does not parse is told of when it is loaded
	}
	all := []*yaml.Node{root.Content[0]}
	if profiles := document.Find(root.Content[0], "profiles"); profiles != nil && profiles.Kind == yaml.MappingNode {
		all = append(all, profiles.Content...)
	}
	for _, spec := range all {
		pool := document.Find(spec, "pool")
		if pool == nil || pool.Kind != yaml.MappingNode {
			continue
		}
		for i := 0; i+1 < len(pool.Content); i += 2 {
			if pool.Content[i].Value == "pace" {
				pool.Content = append(pool.Content[:i], pool.Content[i+2:]...)
				break
			}
		}
	}
	var b bytes.Buffer
	err := yaml.NewEncoder(&b).Encode(&root)
	return b.Bytes(), err
}

// tell prints the report, and writes it where it is to be kept.
func (f BenchOptions) tell(r bench.Report, std Std) error {
	r.Print(std.Out)
	if f.JSON != "" {
		err := atomicfile.Write(f.JSON, func(w io.Writer) error {
			e := json.NewEncoder(w)
			e.SetIndent("", "  ")
			return e.Encode(r)
		})
		if err != nil {
			return Exit(ExitEnvironment, fmt.Errorf("writing the report: %w", err))
		}
	}
	if r.Wrong() {
		return Exit(ExitFailed, errors.New("a program has done wrong: such a run is no figure"))
	}
	return nil
}
