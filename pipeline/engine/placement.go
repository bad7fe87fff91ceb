package engine

import (
	"context"
	"errors"
	"fmt"
	"time"

	"pipe/pipeline"
)

// placement puts proven files in place, if they are no other item's.
type placement struct {
	ledger   pipeline.Ledger
	store    pipeline.Store
	reporter *pipeline.Reporter
	// run is the one that reads the source; 0 for one that joined it.
	run int64
	// exclusive keeps other runs out; nil when there are none.
	exclusive func(ctx context.Context) (unlock func(), err error)
	// seen is the newest item of whose files the store knows, whoever placed them;
	// below 0 until it has listed those that are in place.
	seen int64
	// keepVersions is true when files that are replaced are kept.
	keepVersions bool
}

// exclusively does something while no other run puts files in place.
func (p *placement) exclusively(ctx context.Context, f func() error) error {
	if p.exclusive == nil {
		return f()
	}
	unlock, err := p.exclusive(ctx)
	if err != nil {
		return err
	}
	defer unlock()
	return f()
}

// place puts an attempt's files in place. The error is fatal to the run; files
// that cannot be the item's are the attempt's failure.
func (p *placement) place(ctx context.Context, a *Attempt) error {
	if a.Err == nil {
		if err := p.unique(ctx, a); err != nil {
			return err
		}
	}
	if a.Err != nil {
		return nil
	}
	defer a.phase("place", time.Now())
	if p.keepVersions {
		if err := p.keep(ctx, a); err != nil || a.Err != nil {
			return err
		}
	}
	if err := p.save(ctx, a); err != nil {
		return err
	}
	for _, f := range a.Files {
		if err := p.store.Place(ctx, f.Staged, f.File.Name); err != nil {
			return errors.Join(fmt.Errorf("putting %s in place: %w", f.File.Name, err), p.putBackNow(ctx))
		}
	}
	return nil
}

// unique makes sure that the files are no other item's, by bytes and by name.
func (p *placement) unique(ctx context.Context, a *Attempt) error {
	if err := p.claim(ctx, a); err != nil || a.Err != nil {
		return err
	}
	for _, f := range a.Files {
		failed, err := p.othersFile(ctx, a, f)
		if err != nil {
			return err
		}
		if failed != nil {
			failed.Member = f.Captured.InArchive
			a.fail(failed, pipeline.PlaceOfStep(f.Captured.Step))
			return nil
		}
	}
	return nil
}

// othersFile says whose a file is, when it is another item's.
func (p *placement) othersFile(ctx context.Context, a *Attempt, f CapturedFile) (*pipeline.ProofError, error) {
	key := a.job.item.Key
	var owner pipeline.Owner
	if f.Captured.Proof.Unique {
		var err error
		if owner, err = p.ledger.Owner(ctx, p.run, key, f.File.SHA256); err != nil {
			return nil, err
		}
	}
	holder, err := p.ledger.Holder(ctx, f.File.Name)
	switch {
	case err != nil:
		return nil, err
	case owner.Key != "":
		setAside(ctx, p.reporter, a, f.Staged)
		return sameBytes(owner), nil
	case holder != "" && holder != key:
		return &pipeline.ProofError{
			Check: "name", Reason: fmt.Sprintf("is to be named %q, which is item %q's: make the name in `as` depend on the key", f.File.Name, holder),
		}, nil
	default:
		return nil, nil
	}
}

// owned says whose the bytes are, when they are another item's.
func (p *placement) owned(ctx context.Context, key, sha256 string) error {
	owner, err := p.ledger.Owner(ctx, p.run, key, sha256)
	if err != nil || owner.Key == "" {
		return err
	}
	return sameBytes(owner)
}

// sameBytes says whose bytes a file has.
func sameBytes(owner pipeline.Owner) *pipeline.ProofError {
	return &pipeline.ProofError{Check: "unique", InDoubt: owner.Unseen, Reason: fmt.Sprintf(
		"has the same bytes as %q of item %q: one of them is not its item's, or, where items may share a file, set `unique: false` in expect",
		owner.File, owner.Key)}
}

// claim makes sure that the files can have their names, all of them before any
// is placed.
func (p *placement) claim(ctx context.Context, a *Attempt) error {
	if err := p.learnNames(ctx); err != nil {
		return err
	}
	var names []string
	for _, f := range a.Files {
		names = append(names, f.File.Name)
		err := p.store.Claim(ctx, names...)
		var refused *pipeline.ProofError
		if errors.As(err, &refused) {
			a.fail(refused, pipeline.PlaceOfStep(f.Captured.Step))
			return nil
		}
		if err != nil {
			return err
		}
	}
	return nil
}

// learnNames tells the store of what other runs have placed: on some file systems
// names are the same that differ in their case, and the ledger knows them as they
// are.
func (p *placement) learnNames(ctx context.Context) error {
	if p.exclusive == nil {
		return nil
	}
	if p.seen < 0 { // the store finds for itself what was placed before this
		newest, err := p.ledger.Newest(ctx)
		if err == nil {
			err = p.store.List(ctx)
		}
		p.seen = newest
		return err
	}
	names, newest, err := p.ledger.FilesSince(ctx, p.seen)
	if err == nil {
		err = p.store.Know(ctx, names...)
	}
	if err != nil {
		return fmt.Errorf("looking which names are taken: %w", err)
	}
	p.seen = newest
	return nil
}
