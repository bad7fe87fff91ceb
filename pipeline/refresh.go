package pipeline

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"path"
	"slices"
	"strings"
	"time"

	"pipe/specs"
)

// Refresh is the rule by which done items are due again; the zero value is
// never. Whoever needs to know asks Due, and nothing else decides it.
type Refresh struct {
	// Changed: the row has other values than the item was done with, in the
	// columns of Of; in any when there are none.
	Changed bool
	Of      []string
	// After: the item was done longer ago; 0 for any time.
	After time.Duration
	// Always: in every run, but for what a run has done that is not finished.
	Always bool
}

// RefreshOf gives a spec's rule.
func RefreshOf(spec *specs.Spec) Refresh {
	r := spec.Refresh
	if r == nil {
		return Refresh{}
	}
	return Refresh{Changed: r.On == "changed", Of: r.Of, After: r.After.Std(), Always: r.On == "always"}
}

// DoneItem is what the rule looks at.
type DoneItem struct {
	// Fields are those of the row that it was done with.
	Fields   map[string]any
	Finished time.Time
	// Round is when the newest run ended that came to the end of all items; zero
	// when there is none.
	Round time.Time
}

// Due tells whether a done item is to be done again, its row being such now.
func (r Refresh) Due(was DoneItem, fields map[string]any, now time.Time) bool {
	switch {
	case r.Always && !was.Finished.After(was.Round):
		return true
	case r.After > 0 && now.Sub(was.Finished) >= r.After:
		return true
	case !r.Changed:
		return false
	}
	names := r.Of
	if len(names) == 0 {
		for name := range fields {
			names = append(names, name)
		}
		for name := range was.Fields {
			names = append(names, name)
		}
	}
	// To have no value and to have an empty one is the same.
	return slices.ContainsFunc(names, func(name string) bool { return fieldText(was.Fields[name]) != fieldText(fields[name]) })
}

func fieldText(v any) string {
	if v == nil {
		return ""
	}
	return fmt.Sprint(v)
}

// Version is an older file of an item, kept under a name of its own.
type Version struct {
	// File has the name that the version has now.
	File File
	// Of is the name that it had, Fetched when its item was done.
	Of      string
	Fetched time.Time
}

// versionsDir is the folder of the versions among the placed files.
const versionsDir = "versions"

// versionName is what a file is called once a newer one has its name.
func versionName(row FileRow) string {
	ext := path.Ext(row.File.Name)
	return path.Join(versionsDir, strings.TrimSuffix(row.File.Name, ext)+"."+row.Finished.UTC().Format("20060102T150405.000Z")+ext)
}

// keepVersions keeps the files that an attempt's are to replace, if the spec
// says so. All of it can be done twice: a killed run may have begun it.
func (r *run) keepVersions(ctx context.Context, a *attempt) error {
	refresh := r.cfg.Spec.Refresh
	if refresh == nil || refresh.Keep != "versions" {
		return nil
	}
	old, err := r.cfg.Ledger.Standing(ctx, a.job.item.Key)
	if err != nil {
		return err
	}
	for _, row := range old {
		if slices.ContainsFunc(a.files, func(f File) bool { return f.SHA256 == row.File.SHA256 }) {
			continue
		}
		v := Version{File: row.File, Of: row.File.Name, Fetched: row.Finished}
		if v.File.Name, err = r.cfg.Store.Name(versionName(row)); err == nil {
			err = r.cfg.Store.Keep(ctx, row.File.Name, row.File.SHA256, v.File.Name)
		}
		var refused *ProofError
		if errors.As(err, &refused) {
			a.fail(refused, "")
			return nil
		}
		if errors.Is(err, fs.ErrNotExist) {
			r.cfg.Log.WarnContext(ctx, "no version is kept of a file that is not there as it is on record", "file", row.File.Name, "item", row.Key)
			continue
		}
		if err != nil {
			return fmt.Errorf("keeping the version of %s: %w", row.File.Name, err)
		}
		a.versions = append(a.versions, v)
	}
	return nil
}

// discard removes the files that were their items' before these were done again
// and got files of other names. The ledger remembers them until they are gone.
func (r *run) discard(ctx context.Context) error {
	names, err := r.cfg.Ledger.Discards(ctx)
	if err != nil {
		return err
	}
	for _, name := range names {
		holder, err := r.cfg.Ledger.Holder(ctx, name)
		if err == nil && holder == "" {
			err = r.cfg.Store.Remove(ctx, name)
		}
		if err == nil {
			err = r.cfg.Ledger.Discarded(ctx, name)
		}
		if err != nil {
			return fmt.Errorf("removing %s, which a newer file replaces: %w", name, err)
		}
	}
	return nil
}
