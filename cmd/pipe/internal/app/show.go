package app

import (
	"context"
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"time"

	"pipe/pipeline"
	"pipe/pipeline/artifact"
	"pipe/pipeline/ledger"
	"pipe/pipeline/report/summary"
	"pipe/specs/document"
)

// itemShown is what `pipe show` tells of an item.
type itemShown struct {
	summary.Item
	// Gone is true for one that has left the source, Due for one that is done and that
	// the next run does again.
	Gone bool `json:"gone,omitempty"`
	Due  bool `json:"due,omitempty"`
	// Row is the source's, with its columns in their order.
	Row      json.RawMessage    `json:"row"`
	Record   []pipeline.Field   `json:"record"`
	Files    []fileShown        `json:"files"`
	Versions []fileShown        `json:"versions"`
	Once     []onceShown        `json:"once"`
	Attempts []attemptShown     `json:"attempts"`
	Evidence []summary.Evidence `json:"evidence"`
	// Changed is true where it failed under the spec as it was.
	Changed bool            `json:"spec_changed_since,omitempty"`
	Next    summary.Command `json:"next"`
}

// fileShown is a file on record, and what is wrong with it on the disk.
type fileShown struct {
	pipeline.File
	Finished time.Time `json:"finished,omitzero"`
	Fault    string    `json:"fault,omitempty"`
}

// onceShown is a step that is done once.
type onceShown struct {
	Step  string    `json:"step"`
	State string    `json:"state"`
	Begun time.Time `json:"begun"`
}

// attemptShown is an attempt with the times of its steps.
type attemptShown struct {
	Number    int             `json:"number"`
	Run       int64           `json:"run"`
	Worker    string          `json:"worker"`
	Started   time.Time       `json:"started"`
	TookMS    int64           `json:"took_ms"`
	Status    pipeline.Status `json:"status"`
	Class     pipeline.Class  `json:"class,omitempty"`
	Reason    string          `json:"reason,omitempty"`
	Step      string          `json:"step,omitempty"`
	Uncounted bool            `json:"uncounted,omitempty"`
	pipeline.AttemptTimes
}

// Show is `pipe show`.
func Show(ctx context.Context, path, key string, f KeptOptions, std Std) error {
	return f.read(ctx, path, func(ctx context.Context, k *kept) error {
		detail, there, err := k.ledger.Item(ctx, key)
		if err != nil {
			return err
		}
		if !there {
			return unknownKey(ctx, k.ledger, key)
		}
		shown, err := k.show(ctx, detail)
		switch {
		case err != nil:
			return err
		case f.AsJSON:
			return writeQuietJSON(std, shown)
		}
		shown.print(std.Out, relative(k.dir))
		return nil
	})
}

// unknownKey is the error of a key that no item has, with one that is near.
func unknownKey(ctx context.Context, led *ledger.Ledger, key string) error {
	var near, some []string
	nearest := func() {
		if best := document.Nearest(key, some); best != "" {
			near = append(near, best)
		}
		some = some[:0]
	}
	for other, err := range led.Keys(ctx) {
		if err != nil {
			return err
		}
		if some = append(some, other); len(some) == 10_000 {
			nearest()
		}
	}
	nearest()
	return Exit(ExitSpec, fmt.Errorf("no item has the key %q%s", key, document.DidYouMean(key, near)))
}

// show gathers all that is known of an item.
func (k *kept) show(ctx context.Context, d pipeline.ItemDetail) (*itemShown, error) {
	s := &itemShown{
		Item: summary.ItemOf(d), Gone: d.Gone, Due: d.Due, Row: json.RawMessage(d.Fields), Record: d.Record,
		Files: []fileShown{}, Versions: []fileShown{}, Once: []onceShown{}, Attempts: []attemptShown{}, Evidence: []summary.Evidence{},
	}
	if s.Record == nil {
		s.Record = []pipeline.Field{}
	}
	for _, gather := range []func(context.Context, pipeline.ItemDetail, *itemShown) error{k.showDue, k.showFiles, k.showOnce, k.showAttempts} {
		if err := gather(ctx, d, s); err != nil {
			return nil, err
		}
	}
	switch {
	case d.Status == pipeline.Failed:
		s.Next = k.opts.Commands.For(d.Class, d.Key, s.Changed)
	case d.Status == pipeline.Pending || d.Stale || s.Due:
		s.Next = k.opts.Commands.Do(d.Key)
	}
	return s, nil
}

// showDue tells whether the next run does the item again, by the spec as it is now.
func (k *kept) showDue(ctx context.Context, d pipeline.ItemDetail, s *itemShown) error {
	if d.Status != pipeline.Done || k.spec.Refresh == nil {
		return nil
	}
	item := pipeline.Item{Key: d.Key, Seq: d.Seq}
	if err := json.Unmarshal([]byte(d.Fields), &item.Fields); err != nil {
		return fmt.Errorf("reading the row of item %q: %w", d.Key, err)
	}
	foreseen, err := k.ledger.Foresee(ctx, []pipeline.Item{item}, pipeline.RefreshOf(k.spec))
	if err == nil {
		s.Due = s.Due || foreseen[0].Due
	}
	return err
}

// showFiles gives the item's files, each compared with the disk.
func (k *kept) showFiles(ctx context.Context, d pipeline.ItemDetail, s *itemShown) error {
	store, err := openStore(ctx, k.dir, k.spec, artifact.Options{ReadOnly: true})
	if err != nil {
		return err
	}
	defer func() { _ = store.Close() }()
	files, err := k.ledger.Standing(ctx, d.Key)
	if err != nil {
		return err
	}
	versions, err := k.ledger.VersionsOf(ctx, d.Key)
	if err != nil {
		return err
	}
	for to, rows := range map[*[]fileShown][]pipeline.FileRow{&s.Files: files, &s.Versions: versions} {
		for _, row := range rows {
			*to = append(*to, fileShown{row.File, row.Finished, checkFile(ctx, store, row.File, false)})
		}
	}
	return nil
}

func (k *kept) showOnce(ctx context.Context, d pipeline.ItemDetail, s *itemShown) error {
	once, err := k.ledger.OnceSteps(ctx, d.Key)
	if err != nil {
		return err
	}
	for _, step := range slices.Sorted(maps.Keys(once)) {
		state := "begun, and nobody knows whether the site has taken it"
		switch {
		case once[step].Doubted:
			state = "done for other values of the item"
		case once[step].Done:
			state = "done"
		}
		s.Once = append(s.Once, onceShown{step, state, once[step].Begun})
	}
	return nil
}

func (k *kept) showAttempts(ctx context.Context, d pipeline.ItemDetail, s *itemShown) error {
	for a, err := range k.ledger.Attempts(ctx, pipeline.Of{Key: d.Key}) {
		if err != nil {
			return err
		}
		s.Attempts = append(s.Attempts, attemptOf(a))
	}
	for e, err := range k.ledger.Evidence(ctx, pipeline.Of{Key: d.Key}) {
		if err != nil {
			return err
		}
		s.Evidence = append(s.Evidence, summary.EvidenceOf(e))
	}
	if d.Run == 0 {
		return nil
	}
	run, err := k.ledger.Run(ctx, d.Run)
	s.Changed = d.Status == pipeline.Failed && run.Revision != k.spec.Revision
	return err
}

func attemptOf(a pipeline.AttemptRow) attemptShown {
	s := attemptShown{
		Number: a.Number, Run: a.Run, Worker: a.Worker, Started: a.Started, Status: a.Status, Class: a.Class, Reason: a.Reason, Step: a.Step,
		Uncounted: a.Uncounted, AttemptTimes: a.Times(),
	}
	if !a.Ended.IsZero() {
		s.TookMS = a.Ended.Sub(a.Started).Milliseconds()
	}
	return s
}
