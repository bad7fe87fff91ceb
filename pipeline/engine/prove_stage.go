package engine

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"pipe/pipeline"
	"pipe/specs"
	"pipe/specs/expr"
	"pipe/steps"
)

// ProveStage holds files against what the spec expects, and makes records.
type ProveStage struct {
	Spec     *specs.Spec
	Store    pipeline.Store
	Reporter *pipeline.Reporter

	siblings *siblings // nil where the other items are not known
}

// Run checks an attempt's files and evaluates the record's expressions. The
// error is fatal to the run: the disk's, not the file's.
func (s *ProveStage) Run(ctx context.Context, a *Attempt) error {
	if a.Err != nil || a.skipped != nil {
		return nil
	}
	defer a.phase("prove", time.Now())
	if err := s.ProveFiles(ctx, a); err != nil || a.Err != nil {
		return err
	}
	if err := s.MakeRecord(a); err != nil {
		a.fail(err, pipeline.PlaceOf(err))
	}
	return nil
}

// ProveFiles checks an attempt's files. The error is the disk's; a file that is
// not as expected is the attempt's failure.
func (s *ProveStage) ProveFiles(ctx context.Context, a *Attempt) error {
	for i := 0; i < len(a.Files); i++ {
		if a.Files[i].Captured.Many {
			if err := s.unpack(ctx, a, i); err != nil || a.Err != nil {
				return err
			}
		}
		if err := s.prove(ctx, a, i); err != nil {
			return s.refuse(ctx, a, i, err)
		}
	}
	return nil
}

// unpack puts the files in an archive in its place.
func (s *ProveStage) unpack(ctx context.Context, a *Attempt, i int) error {
	archive := a.Files[i]
	_, err := s.Store.Prove(ctx, archive.Staged, pipeline.Expectation{Type: "zip"})
	var members []pipeline.Member
	if err == nil {
		members, err = s.Store.Unpack(ctx, archive.Staged)
	}
	if err != nil {
		return s.refuse(ctx, a, i, err)
	}
	archive.Staged.Discard()
	files := make([]CapturedFile, len(members))
	for j, m := range members {
		one := archive
		one.Captured.Many, one.Captured.InArchive = false, m.Name
		one.File.OpenEnd = false // the archive has its own
		one.File.Size, one.File.SHA256 = m.Size(), m.SHA256()
		one.Staged = m.Staged
		files[j] = one
	}
	a.Files = slices.Replace(a.Files, i, i+1, files...)
	for j, m := range members {
		if a.Files[i+j].Captured.Name, err = archive.Captured.Member(archive.File.SiteName, m.Name, j+1); err != nil {
			a.fail(err, pipeline.PlaceOfStep(archive.Captured.Step))
			return nil
		}
	}
	return nil
}

func (s *ProveStage) prove(ctx context.Context, a *Attempt, i int) error {
	c, f := &a.Files[i].Captured, &a.Files[i].File
	if c.Late {
		var err error
		if c.Name, err = c.Named(f.SiteName); err != nil {
			return nameFault(err)
		}
	}
	proof, err := s.Store.Prove(ctx, a.Files[i].Staged, s.expectation(c, f))
	if err != nil {
		return err
	}
	f.Type, f.Pages = proof.Type, proof.Pages
	name, err := s.Store.Name(c.Name)
	if err == nil && s.Reporter.Redact(name) != name {
		err = errors.New("it would hold a secret")
	}
	if err != nil {
		return &pipeline.ProofError{Check: "name", Reason: fmt.Sprintf("cannot be named %q: %v", s.Reporter.Redact(c.Name), err)}
	}
	f.Name = name
	if err := matches(c, *f, proof); err != nil {
		return err
	}
	return alone(a, i)
}

// nameFault is why a file cannot be named.
func nameFault(err error) error {
	var nameless *steps.NamelessError
	if errors.As(err, &nameless) {
		return &pipeline.ProofError{Check: "name", Reason: "cannot be named: " + nameless.Error()}
	}
	return err
}

// refuse fails an attempt for what is wrong with its i-th file, which is kept
// as evidence; an error that is not the file's is fatal.
func (s *ProveStage) refuse(ctx context.Context, a *Attempt, i int, err error) error {
	f := a.Files[i]
	var proof *pipeline.ProofError
	var eval *expr.EvalError
	switch {
	case ctx.Err() != nil:
		return ctx.Err()
	case errors.As(err, &eval):
		a.fail(err, pipeline.PlaceOfStep(f.Captured.Step))
		return nil
	case !errors.As(err, &proof):
		return err
	}
	proof.Member = f.Captured.InArchive
	proof.Reason += f.note
	a.wrongText = textOf(f.Staged)
	setAside(ctx, s.Reporter, a, f.Staged)
	a.fail(proof, pipeline.PlaceOfStep(f.Captured.Step))
	return nil
}

// alone makes sure that a file is not another one of its own item's, by bytes
// and by name.
func alone(a *Attempt, i int) error {
	f, c := a.Files[i].File, a.Files[i].Captured
	for _, other := range a.Files[:i] {
		if other.File.SHA256 == f.SHA256 && c.Proof.Unique {
			return &pipeline.ProofError{Check: "unique", Reason: fmt.Sprintf(
				"has the same bytes as the item's own %q: one of them is another file, or, where the two may be one, set `unique: false` in expect",
				other.File.Name)}
		}
		// On some file systems the two would be one.
		if strings.EqualFold(other.File.Name, f.Name) {
			hint := "give each capture an `as` of its own"
			if c.InArchive != "" {
				hint = "use file.name or file.index in `as`"
			}
			return &pipeline.ProofError{Check: "name", Reason: fmt.Sprintf("is to be named %q, as another file of the item is: %s", f.Name, hint)}
		}
	}
	return nil
}
