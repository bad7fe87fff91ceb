package engine

import (
	"errors"
	"time"

	"pipe/pipeline"
	"pipe/specs/expr"
	"pipe/steps"
)

// Attempt is one try at an item, from stage to stage.
type Attempt struct {
	// Worker is whose page it was begun on.
	Worker pipeline.Worker
	// Values are those of the item's expressions.
	Values expr.Values
	// Files are those that the steps captured, on their way or received.
	Files []CapturedFile
	// Read holds the record's fields that were taken from the page.
	Read map[string]any
	// Record is made when the files are proved.
	Record []pipeline.Field
	// Err is why the attempt failed, nil if it did not, and Step where.
	Err  error
	Step string

	// other is what the item came to without a page, for it to be held against this;
	// needsPage is why it cannot be done without one.
	other     *outcome
	needsPage error

	// from is where it was navigated to without a page, for a page to go on from; at is
	// where its navigation has ended.
	from *navigated
	at   string

	job     *job
	number  int
	started time.Time
	phases  map[string]time.Duration
	// stages are the times of all of them, those too that failed.
	stages []pipeline.StepTime
	steps  stepTimes
	// pageDone gives the page's context back; nil without a page.
	pageDone func()
	// browserGone tells whether the page's browser is lost; nil without a page.
	browserGone func() bool
	// versions are kept of the files that these replace.
	versions []pipeline.Version
	// saved are the hashes of the files that are held aside while these take their
	// names.
	saved []string
	// class is that of err, and asked how long the site wants to be left alone.
	class pipeline.Class
	asked time.Duration
	// skipped is why there is nothing to fetch for the item; nil when there is.
	skipped *steps.SkipError
	// unconfirmed is true for what is to be seen once more before it counts.
	unconfirmed bool
	// startedHere is true for one that began where the item before it had ended.
	startedHere bool
	// order counts the run's attempts as they are begun.
	order int64
	// doubted are the items with which a guest may have been served before.
	doubted []*job
	// missing tells of files that the site has none of, and that may be missing, and
	// of what files came without.
	missing string
	// url is the page where an element was not found, nearest what is like it.
	url     string
	nearest []string
	// absent names that element by the item's values.
	absent string
	// evidence is the folder of what was kept of its failure, refused a file of its
	// that was set aside, both below the output folder; "" for none.
	evidence, refused string
	// trace is that of the attempt under way; nil for none.
	trace pipeline.AttemptTrace
	// healing stands by; nil where no targets are healed.
	healing pipeline.HealingAttempt
	// wrongText is the text of a file that is not what it should be.
	wrongText string
}

// CapturedFile is a file that a step captured: on its way, then staged, then
// proved.
type CapturedFile struct {
	Captured steps.CapturedFile
	// Staged is nil until the file is received.
	Staged pipeline.Staged
	// File is what is known of it so far.
	File pipeline.File
	// note is what else is to be said should it not be what it should.
	note string
}

// NewAttempt is an attempt at an item that no ledger knows of.
func NewAttempt(item pipeline.Item, worker pipeline.Worker, values expr.Values) *Attempt {
	return newAttempt(&job{item: item, failures: map[pipeline.Class]int{}}, worker, values)
}

func newAttempt(j *job, worker pipeline.Worker, values expr.Values) *Attempt {
	return &Attempt{
		job: j, Worker: worker, started: time.Now(), phases: map[string]time.Duration{},
		Values: values.With("item", j.item.Fields), Read: map[string]any{},
	}
}

// Caught takes over what the steps of the attempt have captured.
func (a *Attempt) Caught(captures []steps.CapturedFile) {
	a.Files = make([]CapturedFile, len(captures))
	for i, c := range captures {
		a.Files[i].Captured = c
	}
}

// Discard gives up the files that are on their way or staged.
func (a *Attempt) Discard() {
	for _, f := range a.Files {
		f.Captured.Delivery.Discard()
		if f.Staged != nil {
			f.Staged.Discard()
		}
	}
}

// navigated is where steps without a page have led to.
type navigated struct {
	address string
	on      *steps.StepContext
}

// goesOn tells whether a page is to go on from where steps without one have ended.
func (a *Attempt) goesOn(on *steps.StepContext) bool { return on.Static() && a.from != nil }

// wantsPage tells whether an attempt that failed without a page goes on by one: not once
// it has sent what may have changed something on the site.
func (a *Attempt) wantsPage(err error, on *steps.StepContext) bool {
	var needs *steps.NeedsPageError
	if !errors.As(err, &needs) || on.Sent {
		return false
	}
	a.needsPage = err
	return true
}

// anew forgets what was done without a page.
func (a *Attempt) anew(values expr.Values) {
	a.Values, a.Read, a.Files = values.With("item", a.job.item.Fields), map[string]any{}, nil
	a.missing, a.skipped, a.doubted, a.needsPage, a.from, a.at = "", nil, nil, nil, nil, ""
	clear(a.phases)
	a.stages = nil
	a.steps = stepTimes{}
}

// phase adds the time since began to a stage's share of the attempt.
func (a *Attempt) phase(name string, began time.Time) {
	a.phases[name] += time.Since(began)
	a.stage(name, began)
}

// stage notes when the attempt was in a stage, though it has failed there.
func (a *Attempt) stage(name string, began time.Time) {
	a.stages = append(a.stages, pipeline.StepTime{Step: name, At: began.Sub(a.started), Took: time.Since(began)})
}

// fail notes why the attempt failed and lets go of what it holds.
func (a *Attempt) fail(err error, step string) {
	a.Err, a.Step = err, step
	a.release()
}

// release gives up deliveries and staged files, and the page's context.
func (a *Attempt) release() {
	a.Discard()
	if a.pageDone != nil {
		a.pageDone()
		a.pageDone = nil
	}
}

// placed are the files as they are on record.
func (a *Attempt) placed() []pipeline.File {
	files := make([]pipeline.File, len(a.Files))
	for i, f := range a.Files {
		files[i] = f.File
	}
	return files
}

// noItemsFault gives what ends the run and is no item's fault, of what an attempt
// failed with: a disk that takes no more, or a certificate that is not taken.
func noItemsFault(err error) error {
	if disk := steps.DiskFault(err); disk != nil {
		return disk
	}
	if steps.IsCertificateFault(err) {
		return pipeline.CertificateFault(err)
	}
	return nil
}
