package app

import (
	"context"
	"errors"
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

// memberFile is what runs at work lock, entryFile what they lock while they come
// in: who looks at the one holds the other, so as to be in nobody's way.
const (
	memberFile = ".lock"
	entryFile  = ".entry.lock"
)

// enter comes into the output folder, beside other runs if join says so. Until
// settle is called no other run comes in.
func enter(ctx context.Context, dir string, join bool) (*folder, error) {
	f := &folder{
		dir: dir, entry: flock.New(filepath.Join(dir, entryFile)),
		member: flock.New(filepath.Join(dir, memberFile)), placing: flock.New(filepath.Join(dir, ".place.lock")),
		records: flock.New(filepath.Join(dir, ".records.lock")),
	}
	if err := lockEntry(ctx, f.entry); err != nil {
		return nil, err
	}
	if err := f.join(join); err != nil {
		_ = f.entry.Unlock() // the error tells more
		return nil, err
	}
	return f, nil
}

// lockEntry keeps runs from coming in.
func lockEntry(ctx context.Context, entry *flock.Flock) error {
	ctx, cancel := context.WithTimeout(ctx, enterLimit)
	defer cancel()
	if _, err := entry.TryLockContext(ctx, lockEvery); err != nil {
		return fmt.Errorf("locking the output folder, while another run is just coming in: %w", err)
	}
	return nil
}

// takeAlone takes the folder for what goes beside no run; false when one is at
// work.
func takeAlone(ctx context.Context, dir string) (leave func() error, taken bool, err error) {
	entry, member := flock.New(filepath.Join(dir, entryFile)), flock.New(filepath.Join(dir, memberFile))
	if err := lockEntry(ctx, entry); err != nil {
		return nil, false, err
	}
	taken, err = member.TryLock()
	if err = errors.Join(err, entry.Unlock()); err != nil {
		return nil, false, fmt.Errorf("locking the output folder: %w", err)
	}
	return member.Unlock, taken, nil
}

// underWay tells whether a run is at work in the folder. One that comes in waits
// for the answer.
func underWay(ctx context.Context, dir string) (bool, error) {
	entry, member := flock.New(filepath.Join(dir, entryFile)), flock.New(filepath.Join(dir, memberFile))
	if err := lockEntry(ctx, entry); err != nil {
		return false, err
	}
	// Runs share it: only to have it alone tells that nobody has it.
	alone, err := member.TryLock()
	if err = errors.Join(err, member.Unlock(), entry.Unlock()); err != nil {
		return false, fmt.Errorf("looking for a run at work: %w", err)
	}
	return !alone, nil
}

func (f *folder) join(join bool) error {
	var err error
	if f.alone, err = f.member.TryLock(); err != nil {
		return fmt.Errorf("locking the output folder: %w", err)
	}
	if !f.alone && !join {
		return fmt.Errorf("another run is at work in %s, or a `pipe login`: join the run by --join, let it end, or give this one another folder by --out", f.dir)
	}
	// Others may come in beside this one from now on; none can in between.
	if f.alone {
		if err := f.member.Unlock(); err != nil {
			return fmt.Errorf("locking the output folder: %w", err)
		}
	}
	shared, err := f.member.TryRLock()
	switch {
	case err != nil:
		return fmt.Errorf("locking the output folder: %w", err)
	case !shared:
		return fmt.Errorf("a `pipe login` is at work in %s and has it alone: let it end first", f.dir)
	default:
		return nil
	}
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
