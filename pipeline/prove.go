package pipeline

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"pipe/specs"
	"pipe/steps"
)

// prove checks an attempt's files and evaluates the record's expressions. The
// error is fatal to the run: the disk, not the file.
func (r *run) prove(ctx context.Context, a *attempt) error {
	var disk *diskError
	if errors.As(a.err, &disk) {
		return disk.err
	}
	if a.err != nil || a.skipped != nil {
		return nil
	}
	defer a.phase("prove", time.Now())
	if err := r.proveFiles(ctx, a); err != nil || a.err != nil {
		return err
	}
	if err := r.fields(a); err != nil {
		a.fail(err, stepOf(err))
	}
	return nil
}

func (r *run) proveFiles(ctx context.Context, a *attempt) error {
	for i := 0; i < len(a.captures); i++ {
		if a.captures[i].Many {
			if err := r.unpack(ctx, a, i); err != nil || a.err != nil {
				return err
			}
		}
		if err := r.proveOne(ctx, a, i); err != nil {
			return r.refuse(ctx, a, i, err)
		}
	}
	return nil
}

// unpack puts the files in an archive in its place.
func (r *run) unpack(ctx context.Context, a *attempt, i int) error {
	archive, c := a.staged[i], a.captures[i]
	_, err := r.cfg.Store.Prove(ctx, archive, Expectation{Type: "zip"})
	var members []Member
	if err == nil {
		members, err = r.cfg.Store.Unpack(ctx, archive)
	}
	if err != nil {
		return r.refuse(ctx, a, i, err)
	}
	archive.Discard()
	of := a.files[i]
	a.captures, a.staged, a.files = slices.Delete(a.captures, i, i+1), slices.Delete(a.staged, i, i+1), slices.Delete(a.files, i, i+1)
	for j, m := range members {
		c.Many, c.InArchive = false, m.Name
		of.Size, of.SHA256 = m.Size(), m.SHA256()
		a.captures = slices.Insert(a.captures, i+j, c)
		a.staged = slices.Insert(a.staged, i+j, m.Staged)
		a.files = slices.Insert(a.files, i+j, of)
	}
	for j, m := range members {
		if a.captures[i+j].Name, err = c.Member(m.Name, j+1); err != nil {
			a.fail(err, whereOf(c.Step))
			return nil
		}
	}
	return nil
}

// refuse fails an attempt for what is wrong with its i-th file, which is kept
// as evidence; an error that is not the file's is fatal.
func (r *run) refuse(ctx context.Context, a *attempt, i int, err error) error {
	c := a.captures[i]
	var proof *ProofError
	var eval *specs.EvalError
	switch {
	case ctx.Err() != nil:
		return ctx.Err()
	case errors.As(err, &eval):
		a.fail(err, whereOf(c.Step))
		return nil
	case !errors.As(err, &proof):
		return err
	}
	proof.Member = c.InArchive
	key := a.job.item.Key
	a.came = textOf(a.staged[i])
	if _, failed := a.staged[i].SetAside(key); failed != nil {
		r.cfg.Log.WarnContext(ctx, "the file could not be kept as evidence", "item", key, "error", failed)
	}
	a.fail(proof, whereOf(c.Step))
	return nil
}

// expectation is what the spec wants of a captured file, but for matches and
// unique, which are not for the store to tell.
func expectation(c *steps.Captured) Expectation {
	want := c.Proof
	return Expectation{
		Type: want.Kind(c.Name), MinSize: int64(want.MinSize), MaxSize: int64(want.MaxSize),
		MinPages: want.Pages.Min, MaxPages: want.Pages.Max, Contains: c.Contains, NotContains: c.NotContains,
	}
}

func (r *run) proveOne(ctx context.Context, a *attempt, i int) error {
	c, f := &a.captures[i], &a.files[i]
	proof, err := r.cfg.Store.Prove(ctx, a.staged[i], expectation(c))
	if err != nil {
		return err
	}
	f.Type, f.Pages = proof.Type, proof.Pages
	name, err := r.cfg.Store.Name(c.Name)
	if err == nil && r.redact(name) != name {
		err = errors.New("it would hold a secret")
	}
	if err != nil {
		return &ProofError{Check: "name", Reason: fmt.Sprintf("cannot be named %q: %v", r.redact(c.Name), err)}
	}
	f.Name = name
	if err := matches(c, *f, proof); err != nil {
		return err
	}
	return alone(a, i)
}

// matches checks what the spec says of the file in an expression.
func matches(c *steps.Captured, f File, proof Proof) error {
	want := c.Proof.Matches
	if want == nil {
		return nil
	}
	failed := func(format string, args ...any) error {
		return &ProofError{Check: "matches", Reason: fmt.Sprintf(format, args...)}
	}
	if !proof.HasText {
		for _, field := range []string{"text", "pages"} {
			if want.Names("file", field) && (field == "text" || proof.Type == "pdf") {
				return failed("is %s: its %s cannot be read for `%s`", proof.What, field, want)
			}
		}
	}
	values := fileValues(f)
	values["text"] = proof.Text
	holds, err := c.Matches(values)
	switch {
	case err != nil:
		return failed("is %s, on which `%s` cannot be evaluated: %s", proof.What, want, firstLine(err.Error()))
	case !holds:
		return failed("is %s of %d bytes, of which `%s` does not hold", proof.What, f.Size, want)
	}
	return nil
}

func firstLine(text string) string {
	line, _, _ := strings.Cut(text, "\n")
	return line
}

// alone makes sure that a file is not another one of its own item's, by bytes
// and by name.
func alone(a *attempt, i int) error {
	f := a.files[i]
	for _, other := range a.files[:i] {
		if other.SHA256 == f.SHA256 && a.captures[i].Proof.Unique {
			return &ProofError{Check: "unique", Reason: fmt.Sprintf("has the same bytes as the item's file %q", other.Name)}
		}
		// On some file systems the two would be one.
		if strings.EqualFold(other.Name, f.Name) {
			hint := "give each capture an `as` of its own"
			if a.captures[i].InArchive != "" {
				hint = "use file.name or file.index in `as`"
			}
			return &ProofError{Check: "name", Reason: fmt.Sprintf("is to be named %q, as another file of the item is: %s", f.Name, hint)}
		}
	}
	return nil
}

// fileValues are what expressions know of a file.
func fileValues(f File) map[string]any {
	return map[string]any{
		"name": f.Name, "size": int(f.Size), "sha256": f.SHA256, "type": f.Type, "pages": f.Pages, "via": f.Via, "url": f.URL,
	}
}

// fields makes the record, in the order of the spec. file is the last file.
func (r *run) fields(a *attempt) error {
	values := a.values.With("file", map[string]any{})
	if n := len(a.files); n > 0 {
		values = a.values.With("file", fileValues(a.files[n-1]))
	}
	for _, field := range r.cfg.Spec.Record.Fields {
		var err error
		v, taken := a.read[field.Name]
		if !taken {
			v, err = field.Read.Value.Value(values)
		}
		if err == nil {
			if v, err = field.Read.Make(v); err != nil {
				err = fmt.Errorf("the record's %s %w", field.Name, err)
			}
		}
		if err != nil {
			return &placed{fmt.Sprintf("record.fields.%s (%s)", field.Name, field.Pos), err}
		}
		a.record = append(a.record, Field{Name: field.Name, Value: r.plainValue(v)})
	}
	return nil
}
