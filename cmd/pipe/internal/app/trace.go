package app

import (
	"context"
	"fmt"
	"os"
	"os/exec"
	"os/signal"
	"path/filepath"
	"strconv"
	"time"

	"pipe/pipeline"
	"pipe/pipeline/provision"
	"pipe/pipeline/report/console"
)

// TraceOptions are what `pipe trace` takes.
type TraceOptions struct {
	KeptOptions
	// Attempt is the number of the attempt, 0 for the newest that was traced, Port where
	// the viewer is served, 0 for any.
	Attempt, Port int
}

// ShowTrace is `pipe trace`: it serves the trace viewer until a signal.
func ShowTrace(ctx context.Context, path, key string, f TraceOptions, std Std) error {
	file := ""
	err := f.read(ctx, path, func(ctx context.Context, k *kept) error {
		found, err := k.traceOf(ctx, key, f.Attempt)
		if err == nil {
			fmt.Fprintf(std.Out, "%s, attempt %d, %s: %s\n  %s\n", console.Clean(key), found.Attempt, found.Class, console.Clean(found.Reason), relative(filepath.Join(k.dir, filepath.FromSlash(found.Folder))))
			file = filepath.Join(k.dir, filepath.FromSlash(found.Folder), pipeline.EvidenceTrace)
		}
		return err
	})
	if err != nil {
		return err
	}
	return exitEnvironment(serveTrace(ctx, file, f.Port, std))
}

// traceOf finds the newest trace of an item's attempts, or of one of them.
func (k *kept) traceOf(ctx context.Context, key string, attempt int) (found pipeline.Evidence, err error) {
	if _, there, err := k.ledger.Item(ctx, key); err != nil {
		return found, err
	} else if !there {
		return found, unknownKey(ctx, k.ledger, key)
	}
	for e, err := range k.ledger.Evidence(ctx, pipeline.Of{Key: key}) {
		if err != nil {
			return found, err
		}
		file := filepath.Join(k.dir, filepath.FromSlash(e.Folder), pipeline.EvidenceTrace)
		if _, missing := os.Stat(file); missing == nil && (attempt == 0 || e.Attempt == attempt) {
			found = e
		}
	}
	if found.Folder == "" {
		what := "an attempt"
		if attempt > 0 {
			what = fmt.Sprintf("attempt %d", attempt)
		}
		return found, Exit(ExitFailed, fmt.Errorf("there is no trace of %s at %q: `pipe run %s --trace` keeps those of attempts that fail, within the bounds of `evidence`", what, key, k.words))
	}
	return found, nil
}

// traceEnd is how long the viewer may take to end.
const traceEnd = 5 * time.Second

// serveTrace has the driver serve its trace viewer.
func serveTrace(ctx context.Context, file string, port int, std Std) error {
	rt, err := provision.Find(ctx, provision.Options{})
	if rt.DriverDir == "" || rt.Node == "" { // it needs no browser of ours
		return err
	}
	ctx, stop := signal.NotifyContext(ctx, heeded()...)
	defer stop()
	viewer := exec.CommandContext(ctx, rt.Node, filepath.Join(rt.DriverDir, "package", "cli.js"), //nolint:gosec // the driver's own
		"show-trace", "--port", strconv.Itoa(port), file)
	viewer.Stdout, viewer.Stderr, viewer.WaitDelay = std.Out, std.Err, traceEnd
	if err := viewer.Run(); err != nil && ctx.Err() == nil {
		return fmt.Errorf("showing the trace: %w", err)
	}
	return nil
}
