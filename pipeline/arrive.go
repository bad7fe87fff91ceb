package pipeline

import (
	"context"
	"fmt"
	"reflect"
	"time"

	"pipe/specs"
	"pipe/steps"
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
		a.files = append(a.files, File{Size: staged.Size(), SHA256: staged.SHA256(), Via: got.Via, URL: got.URL, Step: pathOf(c.Step)})
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

// plainValue gives a value that the ledger can keep.
func (r *run) plainValue(v any) any {
	switch v := v.(type) {
	case nil, bool, int, int64, float64:
		return v
	}
	switch of := reflect.ValueOf(v); {
	case of.Kind() == reflect.Slice:
		list := make([]any, of.Len())
		for i := range list {
			list[i] = r.plainValue(of.Index(i).Interface())
		}
		return list
	case of.Kind() == reflect.Map && of.Type().Key().Kind() == reflect.String:
		members := make(map[string]any, of.Len())
		for each := of.MapRange(); each.Next(); {
			members[r.redact(each.Key().String())] = r.plainValue(each.Value().Interface())
		}
		return members
	}
	return r.redact(fmt.Sprint(v))
}

func whereOf(s *specs.Step) string {
	if s == nil {
		return ""
	}
	return (&steps.Error{Step: s}).Where()
}
