package engine

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"path"
	"slices"
	"strings"

	"pipe/pipeline"
)

// versionsDir is the folder of the versions among the placed files.
const versionsDir = "versions"

// versionName is what a file is called once a newer one has its name.
func versionName(row pipeline.FileRow) string {
	ext := path.Ext(row.File.Name)
	return path.Join(versionsDir, strings.TrimSuffix(row.File.Name, ext)+"."+row.Finished.UTC().Format("20060102T150405.000Z")+ext)
}

// keep keeps the files that an attempt's are to replace. All of it can be done
// twice: a killed run may have begun it.
func (p *placement) keep(ctx context.Context, a *Attempt) error {
	old, err := p.ledger.Standing(ctx, a.job.item.Key)
	if err != nil {
		return err
	}
	for _, row := range old {
		if slices.ContainsFunc(a.Files, func(f CapturedFile) bool { return f.File.SHA256 == row.File.SHA256 }) {
			continue
		}
		v := pipeline.Version{File: row.File, Of: row.File.Name, Fetched: row.Finished}
		if v.File.Name, err = p.store.Name(versionName(row)); err == nil {
			err = p.store.Keep(ctx, row.File.Name, row.File.SHA256, v.File.Name)
		}
		var refused *pipeline.ProofError
		switch {
		case errors.As(err, &refused):
			a.fail(refused, "")
			return nil
		case errors.Is(err, fs.ErrNotExist):
			p.reporter.Warn(ctx, "no version is kept of a file that is not there as it is on record", "file", row.File.Name, "item", row.Key)
		case err != nil:
			return fmt.Errorf("keeping the version of %s: %w", row.File.Name, err)
		default:
			a.versions = append(a.versions, v)
		}
	}
	return nil
}

// save holds the files aside whose names an attempt's are to take: until all of them
// are in place and on record the item has the old ones, and none of the new.
func (p *placement) save(ctx context.Context, a *Attempt) error {
	old, err := p.ledger.Standing(ctx, a.job.item.Key)
	if err != nil {
		return err
	}
	for _, row := range old {
		replaced := func(f CapturedFile) bool { return f.File.Name == row.File.Name && f.File.SHA256 != row.File.SHA256 }
		if !slices.ContainsFunc(a.Files, replaced) {
			continue
		}
		switch err := p.store.Save(ctx, row.File.Name, row.File.SHA256); {
		case err == nil:
			a.saved = append(a.saved, row.File.SHA256)
		case !errors.Is(err, fs.ErrNotExist):
			return err
		}
	}
	return nil
}

// dropSaved lets go of what an attempt's files have replaced for good.
func (p *placement) dropSaved(a *Attempt) error {
	for _, sum := range a.saved {
		if err := p.store.DropSaved(sum); err != nil {
			return err
		}
	}
	return nil
}

// putBack gives items the files again that are on record as theirs, where newer ones
// have taken their names and are not on record: the run was killed, or failed,
// in between.
func (p *placement) putBack(ctx context.Context) error {
	sums, err := p.store.Saved()
	if err != nil {
		return err
	}
	for _, sum := range sums {
		names, err := p.ledger.NamesOf(ctx, sum)
		if err != nil {
			return err
		}
		for _, name := range names {
			if err := p.store.Restore(ctx, sum, name); err != nil {
				return err
			}
		}
		if err := p.store.DropSaved(sum); err != nil {
			return err
		}
	}
	return nil
}

// putBackNow is putBack, whatever the context says.
func (p *placement) putBackNow(ctx context.Context) error {
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), endLimit)
	defer cancel()
	return p.putBack(ctx)
}

// removeReplaced removes the files that were their items' before these were done
// again and got files of other names. The ledger remembers them until they are
// gone.
func (p *placement) removeReplaced(ctx context.Context) error {
	names, err := p.ledger.Discards(ctx)
	if err != nil {
		return err
	}
	for _, name := range names {
		holder, err := p.ledger.Holder(ctx, name)
		if err == nil && holder == "" {
			err = p.store.Remove(ctx, name)
		}
		if err == nil {
			err = p.ledger.Discarded(ctx, name)
		}
		if err != nil {
			return fmt.Errorf("removing %s, which a newer file replaces: %w", name, err)
		}
	}
	return nil
}
