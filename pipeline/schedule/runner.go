package schedule

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"time"

	"pipe/pipeline/atomicfile"
	"pipe/specs"
)

// lookEvery bounds each wait. A timer takes no notice of a clock that is set, nor, on
// some systems, of the time that the machine slept: the clock is looked at again.
const lookEvery = time.Minute

// Runner does something at the times of a schedule, one after the other: a time that
// comes while it is still at it is passed over.
type Runner struct {
	When *specs.Schedule
	// State is the file that keeps the time for which it ran last.
	State string
	// Run is what is done for a time. Its error is told by Tell, and ends nothing.
	Run func(ctx context.Context, at time.Time) error
	// Tell is told what comes, in words.
	Tell func(text string)
}

// state is what the file holds.
type state struct {
	// Last is the time that the newest run was for, or when the schedule was followed
	// first.
	Last time.Time `json:"last"`
}

// Follow follows the schedule until stop is closed, or the context ends. The error is
// that of the file, or of a schedule that has no next time.
func (r *Runner) Follow(ctx context.Context, stop <-chan struct{}) error {
	last, err := r.last()
	if err != nil {
		return err
	}
	told := time.Time{}
	for {
		next, err := r.due(last, time.Now())
		if err != nil {
			return err
		}
		if !next.Equal(told) {
			r.Tell("next at " + next.Format("Mon 2006-01-02 15:04 MST"))
			told = next
		}
		if wait := time.Until(next); wait > 0 {
			if !pause(ctx, stop, min(wait, lookEvery)) {
				return nil
			}
			continue
		}
		// Kept before it runs: a time whose run is killed is not run twice.
		if err := r.keep(next); err != nil {
			return err
		}
		last = next
		if err := r.Run(ctx, next); err != nil {
			r.Tell(err.Error())
		}
		if ended(ctx, stop) {
			return nil
		}
		if last, err = r.passOver(last, time.Now()); err != nil {
			return err
		}
	}
}

// due gives the time to run for: the newest that was missed, where it is to be made up
// for, or the next one.
func (r *Runner) due(last, now time.Time) (time.Time, error) {
	next, err := r.When.Next(last)
	if err != nil || next.After(now) {
		return next, err
	}
	missed := next
	for !next.After(now) {
		missed = next
		if next, err = r.When.Next(next); err != nil {
			return next, err
		}
	}
	if now.Sub(missed) < max(r.When.CatchUp.Std(), lookEvery) {
		return missed, nil
	}
	return next, nil
}

// passOver leaves out the times that came while it ran.
func (r *Runner) passOver(last, now time.Time) (time.Time, error) {
	for {
		next, err := r.When.Next(last)
		if err != nil || next.After(now) {
			return last, err
		}
		r.Tell("the time " + next.Format("2006-01-02 15:04") + " is passed over, as the run before it was still at work")
		if err := r.keep(next); err != nil {
			return last, err
		}
		last = next
	}
}

// last gives when it ran last; one that never did begins now.
func (r *Runner) last() (time.Time, error) {
	src, err := os.ReadFile(filepath.Clean(r.State))
	if errors.Is(err, fs.ErrNotExist) {
		now := time.Now()
		return now, r.keep(now)
	}
	var s state
	if err == nil {
		err = json.Unmarshal(src, &s)
	}
	if err != nil {
		return s.Last, fmt.Errorf("reading when the spec ran last, in %s: %w", r.State, err)
	}
	return s.Last, nil
}

func (r *Runner) keep(last time.Time) error {
	err := os.MkdirAll(filepath.Dir(r.State), 0o755) //nolint:gosec // the folder is the user's to share
	if err == nil {
		err = atomicfile.Write(r.State, func(w io.Writer) error { return json.NewEncoder(w).Encode(state{last}) })
	}
	if err != nil {
		return fmt.Errorf("keeping when the spec ran last: %w", err)
	}
	return nil
}

// pause waits, and tells whether it was not ended before.
func pause(ctx context.Context, stop <-chan struct{}, d time.Duration) bool {
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-timer.C:
		return true
	case <-stop:
		return false
	case <-ctx.Done():
		return false
	}
}

func ended(ctx context.Context, stop <-chan struct{}) bool {
	select {
	case <-stop:
		return true
	default:
		return ctx.Err() != nil
	}
}
