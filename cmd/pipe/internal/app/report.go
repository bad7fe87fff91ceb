package app

import (
	"context"
	"errors"
	"fmt"
	"io"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"pipe/pipeline/atomicfile"
	"pipe/pipeline/evidence"
	"pipe/pipeline/ledger"
	"pipe/pipeline/report/render"
	"pipe/pipeline/report/snapshot"
	"pipe/pipeline/report/summary"
	"pipe/specs"
)

// reportPage is the page that a run leaves in its output folder.
const reportPage = "report.html"

// pageLimit bounds the making of that page.
const pageLimit = 2 * time.Minute

// KeptOptions are what commands take that look at what a spec's runs have kept.
type KeptOptions struct {
	SpecOptions
	// Out is the output folder; "" is out/NAME.
	Out    string
	AsJSON bool
}

// kept is a spec's output folder, open for reading.
type kept struct {
	spec   *specs.Spec
	dir    string
	ledger *ledger.Ledger
	opts   summary.Options
	// words name the spec and its folder on a command line.
	words string
}

// read opens what a spec's runs have kept, and has do look at it.
func (f KeptOptions) read(ctx context.Context, path string, do func(context.Context, *kept) error) error {
	spec, secrets, dir, err := f.LoadFolder(path, f.Out)
	if err != nil {
		return err
	}
	led, err := openLedger(ctx, dir)
	if err != nil {
		return RedactError(err, secrets)
	}
	defer func() { _ = led.Close() }()
	k := &kept{spec: spec, dir: dir, ledger: led, opts: f.summaryOptions(spec, dir), words: f.words(spec, dir)}
	k.opts.Deserted = deserted(ctx, dir)
	err = untilInterrupted(ctx, func(ctx context.Context) error { return do(ctx, k) })
	var coded *exitError
	if err != nil && !errors.As(err, &coded) {
		err = Exit(ExitEnvironment, err)
	}
	return RedactError(err, secrets)
}

// summaryOptions say how reports of a spec's runs are made.
func (r SpecOptions) summaryOptions(spec *specs.Spec, dir string) summary.Options {
	return summary.Options{
		Spec: spec.OutName(), Revision: spec.Revision, Commands: r.commands(spec, dir),
		Line: func(path string) (place, line string) {
			pos := spec.PlaceOf(path)
			return pos.String(), spec.FaultAt(pos, path, "").Source
		},
	}
}

// commands make the command lines that go on from failures.
func (r SpecOptions) commands(spec *specs.Spec, dir string) summary.Commands {
	c := summary.Commands{Spec: r.specWords(spec), Key: func(flag, key string) (string, bool) {
		if flag == "item" { // takes one, as it is
			word, ok := shellWord(key)
			return " --item=" + word, ok
		}
		words, left := keyWords(flag, []string{key})
		return words, left == 0
	}}
	c.Out = outWords(spec, dir)
	return c
}

// ReportOptions are what `pipe report` takes.
type ReportOptions struct {
	KeptOptions
	// Run is the run's number; 0 is the newest.
	Run    int64
	Format string
	// To is the file to write; "" is report.html in the output folder for a page, and
	// standard output for all else, as it is for "-".
	To string
}

// Report is `pipe report`.
func Report(ctx context.Context, path string, f ReportOptions, std Std) error {
	return f.read(ctx, path, func(ctx context.Context, k *kept) error {
		k.opts.Run = f.Run
		r, err := summary.Make(ctx, k.ledger, k.opts)
		if errors.Is(err, summary.ErrNoRun) {
			return Exit(ExitSpec, fmt.Errorf("there is no run %d: `pipe history %s` lists those that there are", f.Run, k.words))
		}
		if err != nil {
			return err
		}
		to, put := f.To, atomicfile.Write
		if to == "" && f.Format == "html" {
			put = atomicfile.WritePrivate // as a run does
			to = filepath.Join(k.dir, reportPage)
			if !r.Newest {
				to = filepath.Join(k.dir, fmt.Sprintf("report-%d.html", r.Run.Number))
			}
		}
		if to == "" || to == "-" {
			return render.Write(std.Out, r, f.Format, k.renderOptions(k.dir))
		}
		if to, err = filepath.Abs(to); err != nil {
			return err
		}
		err = put(to, func(w io.Writer) error { return render.Write(w, r, f.Format, k.renderOptions(filepath.Dir(to))) })
		if err == nil {
			fmt.Fprintln(std.Out, relative(to))
		}
		return err
	})
}

// renderOptions say what a report leads to that stands in a folder.
func (k *kept) renderOptions(from string) render.Options {
	return renderOptions(k.spec, k.dir, from, k.words)
}

func renderOptions(spec *specs.Spec, dir, from, words string) render.Options {
	o := render.Options{Dir: dir, Words: words, Messages: saidIn}
	if root, err := filepath.Rel(from, dir); err == nil && root != "." {
		o.Root = strings.TrimSuffix(filepath.ToSlash(root), "/") + "/"
	}
	if spec.Files.Empty() {
		o.Files = "files/"
	}
	return o
}

// saidIn is what a page said, its console and its requests, from a folder of evidence.
func saidIn(folder string) []string {
	m, err := evidence.Read(folder)
	if err != nil {
		return nil // it may have been cleared away
	}
	said := slices.Concat(m.Messages, m.Console)
	for _, r := range m.Requests {
		said = append(said, r.URL+": "+r.Failure)
	}
	return said
}

// lastReports writes all that a run leaves in its output folder. Without its page the
// run is not right: the page of an earlier one would be taken for it.
func (r specRun) lastReports(ctx context.Context, shots *snapshot.Writer) error {
	err := r.out.lastSnapshots(ctx, shots)
	if page := r.out.lastPage(ctx, r.spec, r.flags.SpecOptions); page != nil && !errors.Is(page, summary.ErrNoRun) {
		err = errors.Join(err, fmt.Errorf("writing the run's page, %s: %w", reportPage, page))
	}
	return err
}

// lastPage writes the page of the newest run into the output folder.
func (o *output) lastPage(ctx context.Context, spec *specs.Spec, of SpecOptions) error {
	ctx, cancel := context.WithTimeout(ctx, pageLimit)
	defer cancel()
	unlock, err := o.folder.exclusive(ctx)
	if err != nil {
		return err
	}
	defer unlock()
	r, err := summary.Make(ctx, o.ledger, of.summaryOptions(spec, o.dir))
	if err != nil {
		return err
	}
	path := filepath.Join(o.dir, reportPage)
	if err := atomicfile.RemoveLeftovers(path); err != nil {
		return err
	}
	// What the site showed is in it: nobody else need read that.
	return atomicfile.WritePrivate(path, func(w io.Writer) error {
		return render.Write(w, r, "html", renderOptions(spec, o.dir, o.dir, of.words(spec, o.dir)))
	})
}
