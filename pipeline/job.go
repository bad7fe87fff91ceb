package pipeline

import (
	"pipe/specs"
	"pipe/steps"
	"time"
)

// job is an item on its way through this run, over all its attempts. It is in
// one stage's hand at a time.
type job struct {
	item Item
	// counted is how many attempts have cost the item a try, failures how often
	// it failed in each class in this run.
	counted  int
	failures map[Class]int
	// due is the earliest time of the next attempt.
	due time.Time
}

// attempt is one try at an item, from stage to stage.
type attempt struct {
	job     *job
	number  int
	worker  string
	started time.Time
	phases  map[string]time.Duration
	// values are those of the item's expressions.
	values specs.Values

	captures []steps.Captured
	staged   []Staged
	files    []File
	// read holds the record's fields that were taken from the page.
	read   map[string]any
	record []Field

	// err is why the attempt failed, step where.
	err  error
	step string
}

// phase adds the time since began to a stage's share of the attempt.
func (a *attempt) phase(name string, began time.Time) { a.phases[name] += time.Since(began) }

// fail notes why the attempt failed and lets go of what it holds.
func (a *attempt) fail(err error, step string) {
	a.err, a.step = err, step
	a.release()
}

// release gives up deliveries and staged files.
func (a *attempt) release() {
	for _, c := range a.captures {
		c.Delivery.Discard()
	}
	for _, f := range a.staged {
		f.Discard()
	}
}

// settled is the record stage's word on an attempt: the job is finished, or it
// is to be tried again.
type settled struct {
	job   *job
	again bool
	// hold keeps the whole site's pace back for so long.
	hold time.Duration
}
