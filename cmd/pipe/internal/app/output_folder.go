package app

import (
	"context"
	"fmt"
	"path/filepath"
	"time"

	"github.com/gofrs/flock"
)

// folder is the output folder as its runs share it: by locks, which the system
// drops with the process, whatever ends it.
type folder struct {
	dir string
	// entry is held by a run while it comes in, member by all runs at work,
	// placing by the one that puts files in place, records by the one that writes
	// records into tables.
	entry, member, placing, records *flock.Flock
	// alone is true for a run that found nobody at work.
	alone bool
}

const (
	// enterLimit bounds the wait for another run that is just coming in.
	enterLimit = time.Minute
	// lockEvery is how often a lock that is held is asked for again.
	lockEvery = 5 * time.Millisecond
)

// enter comes into the output folder, beside other runs if join says so. Until
// settle is called no other run comes in.
func enter(ctx context.Context, dir string, join bool) (*folder, error) {
	f := &folder{
		dir: dir, entry: flock.New(filepath.Join(dir, ".entry.lock")),
		member: flock.New(filepath.Join(dir, ".lock")), placing: flock.New(filepath.Join(dir, ".place.lock")),
		records: flock.New(filepath.Join(dir, ".records.lock")),
	}
	ctx, cancel := context.WithTimeout(ctx, enterLimit)
	defer cancel()
	if _, err := f.entry.TryLockContext(ctx, lockEvery); err != nil {
		return nil, fmt.Errorf("locking the output folder: %w", err)
	}
	if err := f.join(join); err != nil {
		_ = f.entry.Unlock() // the error tells more
		return nil, err
	}
	return f, nil
}

func (f *folder) join(join bool) error {
	var err error
	if f.alone, err = f.member.TryLock(); err != nil {
		return fmt.Errorf("locking the output folder: %w", err)
	}
	if !f.alone && !join {
		return fmt.Errorf("another run is at work in %s: join it by --join, let it end, or give this one another folder by --out", f.dir)
	}
	// Others may come in beside this one from now on; none can in between.
	if f.alone {
		if err := f.member.Unlock(); err != nil {
			return fmt.Errorf("locking the output folder: %w", err)
		}
	}
	if ok, err := f.member.TryRLock(); err != nil || !ok {
		return fmt.Errorf("locking the output folder: it is just being taken: %w", err)
	}
	return nil
}

// settle lets others come in.
func (f *folder) settle() error { return f.entry.Unlock() }

// leave ends the use of the folder.
func (f *folder) leave() error { return f.member.Unlock() }

// exclusive waits until no other run puts files in place, and keeps it so until
// unlock is called.
func (f *folder) exclusive(ctx context.Context) (unlock func(), err error) {
	return held(ctx, f.placing)
}

// recording waits until no other run writes records into tables, likewise.
func (f *folder) recording(ctx context.Context) (unlock func(), err error) {
	return held(ctx, f.records)
}

func held(ctx context.Context, lock *flock.Flock) (unlock func(), err error) {
	if _, err := lock.TryLockContext(ctx, lockEvery); err != nil {
		return nil, fmt.Errorf("waiting for the run beside this one: %w", err)
	}
	return func() { _ = lock.Unlock() }, nil
}
