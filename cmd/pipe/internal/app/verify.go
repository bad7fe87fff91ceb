package app

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"iter"
	"slices"
	"sync"
	"time"

	"github.com/sourcegraph/conc/stream"

	"pipe/pipeline"
	"pipe/pipeline/artifact"
	"pipe/pipeline/engine"
	"pipe/pipeline/ledger"
	"pipe/specs"
)

// Verification is one `pipe verify`.
type Verification struct {
	Options SpecOptions
	Spec    *specs.Spec
	Dir     string
	Report  verdictReporter
	store   *artifact.Store
	led     *ledger.Ledger
	sum     verdicts
	// again are the items whose files are not as they should be, in order.
	again []string
}

// verifiers is how many files are looked at once.
const verifiers = 4

// Run looks at all files, and reports each that is not as it should be, and the
// sum. It fails with ExitFailed when there is one.
func (v *Verification) Run(ctx context.Context) error {
	var err error
	if v.led, err = openLedger(ctx, v.Dir); err != nil {
		return err
	}
	defer func() { _ = v.led.Close() }()
	if v.store, err = openStore(ctx, v.Dir, v.Spec, artifact.Options{ReadOnly: true}); err != nil {
		return Exit(ExitEnvironment, err)
	}
	defer func() { _ = v.store.Close() }()
	if err := errors.Join(v.recorded(ctx), v.orphans(ctx)); err != nil {
		return Exit(ExitEnvironment, err)
	}
	v.Report(v.sum)
	if len(v.again) > 0 {
		v.Report(v.remedy())
	}
	if v.sum.Good < v.sum.Files || v.sum.Orphaned > 0 {
		return Exit(ExitFailed, nil)
	}
	return nil
}

// remedyMost is how many keys a command that is printed has at most.
const remedyMost = 50

// remedy is the command that gets the files again.
func (v *Verification) remedy() remedy {
	keys := v.again[:min(len(v.again), remedyMost)]
	flags, left := keyWords("again", keys)
	if flags != "" && hasOnce(v.Spec) {
		flags += " --keep-once" // it is the file that is wanted again, and no other order
	}
	text := fmt.Sprintf("pipe run %s%s", v.Options.words(v.Spec, v.Dir), flags)
	if flags == "" {
		text = "do these items again"
	}
	if left += len(v.again) - len(keys); left > 0 {
		text += fmt.Sprintf("; %d more items are to be done again: their keys, told above, are too many or too odd for one command", left)
	}
	return remedy(text)
}

// recorded looks at the files on record, some at once, and tells of them in
// the ledger's order.
func (v *Verification) recorded(ctx context.Context) error {
	ctx, cancel := context.WithCancelCause(ctx)
	defer cancel(nil)
	s := stream.New().WithMaxGoroutines(verifiers)
	var failed error
	for row, err := range v.placed(ctx) {
		if err != nil {
			failed = err
			break
		}
		s.Go(func() stream.Callback {
			found, reason, err := v.look(ctx, row)
			return func() {
				if err != nil {
					cancel(err)
					return
				}
				v.sum.Files++
				v.found(verdict{File: row.File.Name, Key: row.Key, Verdict: found, Reason: reason})
			}
		})
	}
	s.Wait()
	if cause := context.Cause(ctx); cause != nil {
		return cause
	}
	return failed
}

// placed gives the files of the done items, and then the older versions.
func (v *Verification) placed(ctx context.Context) iter.Seq2[pipeline.PlacedRow, error] {
	return func(yield func(pipeline.PlacedRow, error) bool) {
		for row, err := range v.led.Placed(ctx) {
			if !yield(row, err) {
				return
			}
		}
		for row, err := range v.led.Versions(ctx) {
			if !yield(pipeline.PlacedRow{Key: row.Key, File: row.File, Version: true}, err) {
				return
			}
		}
	}
}

// againMost bounds how many items the remedy names, so that it can be typed.
const againMost = 50

func (v *Verification) found(f verdict) {
	v.sum.add(f)
	if f.Verdict == "" {
		return
	}
	v.Report(f)
	switch f.Verdict {
	case fileMissing, fileAltered, fileWrong:
		if len(v.again) < againMost && !slices.Contains(v.again, f.Key) {
			v.again = append(v.again, f.Key)
		}
	}
}

// look gives what one file on record is; "" when it is as it should be. The
// error is none of the file's.
func (v *Verification) look(ctx context.Context, row pipeline.PlacedRow) (found, reason string, err error) {
	size, err := v.store.Stat(ctx, row.File.Name)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return fileMissing, "", nil
	case err != nil:
		return "", "", err
	case size != row.File.Size:
		return fileAltered, fmt.Sprintf("it has %d bytes, %d are on record", size, row.File.Size), nil
	}
	file, err := v.store.OpenPlaced(ctx, row.File.Name)
	if errors.Is(err, fs.ErrNotExist) {
		return fileMissing, "", nil
	}
	if err != nil {
		return "", "", err
	}
	defer func() { _ = file.Close() }()
	if file.SHA256() != row.File.SHA256 {
		return fileAltered, "its bytes are not those on record", nil
	}
	if row.Version {
		return "", "", nil // it was proved in its time
	}
	err = engine.Recheck(ctx, v.Spec, row, file.Prove)
	var proof *pipeline.ProofError
	var unchecked *engine.UncheckedError
	switch {
	case errors.As(err, &proof):
		return fileWrong, "it " + proof.Reason, nil
	case errors.As(err, &unchecked):
		return fileUnchecked, unchecked.Reason, nil
	}
	return "", "", err
}

// onTheirWay is how old files at most are, that a run under way may have put in
// place and not yet on record.
const onTheirWay = 10 * time.Minute

// orphans finds the files that no item has. What a run under way is just
// bringing in is none.
func (v *Verification) orphans(ctx context.Context) error {
	atWork := sync.OnceValues(func() (bool, error) { return underWay(ctx, v.Dir) })
	for placed, err := range v.store.Placed(ctx) {
		if err != nil {
			return err
		}
		holder, err := v.led.Holder(ctx, placed.Name)
		if err != nil {
			return err
		}
		coming := false
		if holder == "" && time.Since(placed.Modified) < onTheirWay {
			if coming, err = atWork(); err != nil {
				return err
			}
		}
		if holder != "" || coming {
			continue
		}
		v.found(verdict{File: placed.Name, Verdict: fileOrphaned, Reason: "no item that is done has it"})
	}
	return nil
}
