package app

import (
	"context"
	"fmt"
	"io"
	"os"
	"path/filepath"

	"pipe/pipeline/atomicfile"
	"pipe/pipeline/heal"
	"pipe/steps"
)

// prove walks items anew by the healed text.
func (h *healing) prove(ctx context.Context, text []byte, report *healReport) error {
	spec, err := h.parse(text)
	if err != nil {
		report.Unproved = h.secrets.Redact(err.Error())
		return nil
	}
	guard := &heal.LoginGuard{Spec: spec}
	walked, err := h.walk(ctx, spec, report.Item, func(on *steps.StepContext) { on.Elements = guard })
	if err != nil && ctx.Err() != nil {
		return err
	}
	if err == nil {
		err = guard.Err()
	}
	for _, one := range walked {
		if r := one.result; r.Fault == nil {
			line := fmt.Sprintf("item %s: %s, %s", one.key, Count(len(r.Files), "file"), Count(len(r.Record), "field"))
			if r.Left != "" {
				line = fmt.Sprintf("item %s, up to %s, which may change something on the site", one.key, r.Left)
			}
			report.Proof = append(report.Proof, h.secrets.Redact(line))
		}
	}
	report.Unproved = h.failure(walked, err)
	report.Proved = report.Unproved == ""
	return nil
}

// apply writes the spec, if nobody has meanwhile.
func (h *healing) apply(text []byte) error {
	now, err := os.ReadFile(filepath.Clean(h.spec.File))
	if err == nil && string(now) != string(h.text) {
		return Exit(ExitFailed, fmt.Errorf("%s has changed meanwhile, nothing is applied", h.spec.File))
	}
	if err == nil {
		err = atomicfile.Rewrite(h.spec.File, func(w io.Writer) error {
			_, err := w.Write(text)
			return err
		})
	}
	if err != nil {
		return Exit(ExitEnvironment, fmt.Errorf("writing the patch into the spec: %w", err))
	}
	return nil
}
