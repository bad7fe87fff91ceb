package app

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"slices"

	"pipe/pipeline"
	"pipe/pipeline/heal"
	"pipe/pipeline/ledger"
	"pipe/pipeline/preview"
	"pipe/steps"
)

// offline heals without the site, on the copies of pages that failures of items have left. A
// copy proves nothing: what is proposed waits for a walk on the site.
func (h *healing) offline(ctx context.Context, healer *heal.Healer, report *healReport) error {
	led, err := openLedger(ctx, h.dir)
	if err != nil {
		return err
	}
	defer func() { _ = led.Close() }()
	k := &kept{spec: h.spec, dir: h.dir, ledger: led}
	failures, err := k.newestFailures(ctx, h.Item)
	if err != nil {
		return exitEnvironment(err)
	}
	if len(failures) == 0 {
		return Exit(ExitFailed, errors.New("no page of a failed item was kept to look for elements on: without --offline they are looked for on the site"))
	}
	for _, found := range failures {
		failed, err := h.onCopyOf(ctx, k, led, found, healer)
		if err != nil {
			return err
		}
		report.Failed = cmp.Or(report.Failed, failed)
	}
	report.Item = h.secrets.Redact(failures[0].Key)
	report.Unproved = "a copy of a page proves nothing: without --offline, items are walked on the site"
	return nil
}

// onCopyOf walks the copy of the page of one failure, and tells what fails there still, or
// that the copy cannot tell; "" for nothing.
func (h *healing) onCopyOf(ctx context.Context, k *kept, led *ledger.Ledger, found pipeline.Evidence, healer *heal.Healer) (failed string, err error) {
	detail, there, err := led.Item(ctx, found.Key)
	if err == nil && !there {
		err = fmt.Errorf("the ledger has a failure of item %q, and no such item", found.Key)
	}
	if err != nil {
		return "", exitEnvironment(err)
	}
	item, err := itemOf(detail)
	if err != nil {
		return "", exitEnvironment(err)
	}
	r := replay{kept: k, item: item, found: found, std: Std{Out: io.Discard, Err: h.std.Err}}
	r.configure = func(on *steps.StepContext) { on.Healer, on.Elements = healer, healer }
	result, err := r.walk(ctx, func(string) {}, func(preview.StepReport) {})
	var gone *preview.NoStepError
	switch {
	case errors.As(err, &gone):
		return h.secrets.Redact(gone.Error()), nil
	case err != nil || result.Found:
		return "", err
	case result.Fault == nil:
		return h.secrets.Redact(found.Step + " is not reached on the copy of its page"), nil
	default:
		return faultText(*result.Fault, h.secrets.Redact), nil
	}
}

// newestFailures are the newest failures of items, or of one, whose page was kept: one for
// each step, in the order of their coming.
func (k *kept) newestFailures(ctx context.Context, key string) (all []pipeline.Evidence, err error) {
	for e, err := range k.ledger.Evidence(ctx, pipeline.Of{Key: key}) {
		if err != nil {
			return nil, err
		}
		if _, missing := os.Stat(k.copyOf(e)); e.Key == "" || missing != nil {
			continue
		}
		all = slices.DeleteFunc(all, func(old pipeline.Evidence) bool { return old.Step == e.Step })
		all = append(all, e)
	}
	return all, nil
}
