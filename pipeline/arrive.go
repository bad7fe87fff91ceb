package pipeline

import (
	"context"
	"errors"
	"fmt"
	"pipe/specs"
	"pipe/steps"
	"time"
)

// fetch receives the files of an attempt. The error is fatal to the run: the
// disk, not the site.
func (r *run) fetch(ctx context.Context, a *attempt) error {
	if a.err != nil {
		return nil
	}
	defer a.phase("fetch", time.Now())
	for _, c := range a.captures {
		staged, err := r.cfg.Store.Create(ctx)
		if err != nil {
			return err
		}
		a.staged = append(a.staged, staged)
		got, err := r.take(ctx, c, staged)
		if ctx.Err() != nil {
			return ctx.Err()
		}
		if failed := staged.Close(); failed != nil {
			return failed
		}
		if err != nil {
			a.fail(err, whereOf(c.Step))
			return nil
		}
		a.files = append(a.files, File{Size: staged.Size(), SHA256: staged.SHA256(), Via: got.Via, URL: got.URL})
	}
	return nil
}

// take receives one file within what its capture's limit leaves.
func (r *run) take(ctx context.Context, c steps.Captured, to Staged) (steps.Received, error) {
	ctx, cancel := context.WithTimeout(ctx, c.Left)
	defer cancel()
	w := &diskWriter{to: to}
	got, err := c.Delivery.Receive(ctx, w)
	if w.err != nil {
		return got, w.err
	}
	return got, err
}

// diskWriter remembers the disk's own error.
type diskWriter struct {
	to  Staged
	err error
}

func (w *diskWriter) Write(p []byte) (int, error) {
	n, err := w.to.Write(p)
	if err != nil {
		w.err = &diskError{err}
	}
	return n, err
}

// diskError is an error of the output folder: fatal, and no item's fault.
type diskError struct{ err error }

func (e *diskError) Error() string { return e.err.Error() }

func (e *diskError) Unwrap() error { return e.err }

// prove checks an attempt's files and evaluates the record's expressions.
func (r *run) prove(ctx context.Context, a *attempt) error {
	var disk *diskError
	if errors.As(a.err, &disk) {
		return disk.err
	}
	if a.err != nil {
		return nil
	}
	defer a.phase("prove", time.Now())
	for i, c := range a.captures {
		err := r.proveOne(ctx, a, i)
		var proof *ProofError
		switch {
		case err == nil:
			continue
		case ctx.Err() != nil:
			return ctx.Err()
		case errors.As(err, &proof):
			if _, failed := a.staged[i].SetAside(a.job.item.Key); failed != nil {
				r.cfg.Log.WarnContext(ctx, "the file could not be kept as evidence", "item", a.job.item.Key, "error", failed)
			}
			a.fail(err, whereOf(c.Step))
			return nil
		default:
			return err
		}
	}
	if err := r.fields(a); err != nil {
		a.fail(err, stepOf(err))
	}
	return nil
}

func (r *run) proveOne(ctx context.Context, a *attempt, i int) error {
	c := a.captures[i]
	proof, err := r.cfg.Store.Prove(ctx, a.staged[i], Expectation{
		Type: c.Proof.Type, MinSize: int64(c.Proof.MinSize), MaxSize: int64(c.Proof.MaxSize),
		MinPages: c.Proof.MinPages, MaxPages: c.Proof.MaxPages, Contains: c.Contains, NotContains: c.NotContains,
	})
	if err != nil {
		return err
	}
	a.files[i].Type, a.files[i].Pages = proof.Type, proof.Pages
	name, err := r.cfg.Store.Name(c.Name)
	if err == nil && r.redact(name) != name {
		err = errors.New("it would hold a secret")
	}
	if err != nil {
		return &ProofError{Check: "name", Reason: fmt.Sprintf("cannot be named %q: %v", r.redact(c.Name), err)}
	}
	a.files[i].Name = name
	return nil
}

// fields makes the record, in the order of the spec. file is the last file.
func (r *run) fields(a *attempt) error {
	values := a.values.With("file", map[string]any{})
	if n := len(a.files); n > 0 {
		f := a.files[n-1]
		values = a.values.With("file", map[string]any{
			"name": f.Name, "size": int(f.Size), "sha256": f.SHA256, "type": f.Type, "pages": f.Pages, "via": f.Via, "url": f.URL,
		})
	}
	for _, field := range r.cfg.Spec.Record.Fields {
		v, taken := a.read[field.Name]
		if !taken {
			var err error
			if v, err = field.Read.Value.Value(values); err != nil {
				return &placed{fmt.Sprintf("record.fields.%s (%s)", field.Name, field.Pos), err}
			}
		}
		a.record = append(a.record, Field{Name: field.Name, Value: plainValue(v)})
	}
	return nil
}

// plainValue gives a value that the ledger can keep.
func plainValue(v any) any {
	switch v := v.(type) {
	case nil, string, bool, int, int64, float64:
		return v
	default:
		return fmt.Sprint(v)
	}
}

func whereOf(s *specs.Step) string {
	if s == nil {
		return ""
	}
	return (&steps.Error{Step: s}).Where()
}
