package pipeline

import (
	"time"

	"pipe/specs"
	"pipe/steps"
)

// job is an item on its way through this run, over all its attempts. It is in
// one stage's hand at a time.
type job struct {
	item Item
	// account is the only one that may do it, or anybody. refused is why nobody
	// can.
	account int
	refused error
	// again is true for an item that is done, and due again.
	again bool
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
	// account is the index of the one that the page is logged in with.
	account int

	// done gives the page's context back; nil without a page.
	done func()

	captures []steps.Captured
	staged   []Staged
	files    []File
	// read holds the record's fields that were taken from the page.
	read   map[string]any
	record []Field
	// versions are kept of the files that these replace.
	versions []Version

	// err is why the attempt failed, step where; judge sorts it into class, and
	// asked is how long the site wants to be left alone.
	err   error
	step  string
	class Class
	asked time.Duration
	// skipped is why there is nothing to fetch for the item; nil when there is.
	skipped *steps.SkipError
	// url is the page where an element was not found, nearest what is like it.
	url     string
	nearest []string
	// came is the text of a file that is not what it should be.
	came string
}

// phase adds the time since began to a stage's share of the attempt.
func (a *attempt) phase(name string, began time.Time) { a.phases[name] += time.Since(began) }

// fail notes why the attempt failed and lets go of what it holds.
func (a *attempt) fail(err error, step string) {
	a.err, a.step = err, step
	a.release()
}

// drop gives up the files on their way.
func (a *attempt) drop() {
	for _, c := range a.captures {
		c.Delivery.Discard()
	}
	a.captures = nil
}

// release gives up deliveries and staged files.
func (a *attempt) release() {
	for _, c := range a.captures {
		c.Delivery.Discard()
	}
	for _, f := range a.staged {
		f.Discard()
	}
	if a.done != nil {
		a.done()
		a.done = nil
	}
}

// settled is the record stage's word on an attempt: the job is finished, or it
// is to be tried again.
type settled struct {
	job   *job
	again bool
	// began is when the attempt was begun, class how it failed, "" when it did
	// not; asked is the rest that the site asks for.
	began time.Time
	class Class
	asked time.Duration
	rule  rule
	// took is how long the site took for it, trouble whether it failed as things
	// do under too much load.
	took    time.Duration
	trouble bool
	// reason is the failure in words, free of secrets.
	reason string
}
