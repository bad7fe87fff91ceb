package engine

import (
	"time"

	"pipe/pipeline"
	"pipe/specs"
)

// job is an item on its way through this run, over all its attempts. It is in
// one stage's hand at a time.
type job struct {
	item pipeline.Item
	// account is the only one that may do it, or pipeline.AnyAccount. refused is
	// why nobody can.
	account int
	refused error
	// again is true for an item that is done, and due again.
	again bool
	// counted is how many attempts have cost the item a try, failures how often
	// it failed in each class in this run.
	counted  int
	failures map[pipeline.Class]int
	// due is the earliest time of the next attempt.
	due time.Time
	// seen are the ends that a first look has come to, and that a second is to
	// confirm; fresh is true for one that needs a page that nothing was done on.
	seen  map[string]bool
	fresh bool
	// fromHome is true once it has failed where the item before it had ended.
	fromHome bool
	// lostAtEnd is true once it came to its end in a session that was lost.
	lostAtEnd bool
	// status is what its last attempt came to, doubted is true where a guest may have been
	// served with it. Both are the record stage's.
	status  pipeline.Status
	doubted bool
	// doubts counts the attempts that wait for the rest of the source.
	doubts int
}

func newJob(spec *specs.Spec, item pipeline.Item, again bool, counted int) *job {
	j := &job{item: item, again: again, counted: counted, failures: map[pipeline.Class]int{}}
	j.account, j.refused = pipeline.AccountOf(spec, item)
	return j
}

// settled is the record stage's word on an attempt: the job is finished, or it
// is to be tried again.
type settled struct {
	job   *job
	again bool
	// revived is true for a job that was finished, and is to be done once more.
	revived bool
	// began is when the attempt was begun, class how it failed, "" when it did
	// not; asked is the rest that the site asks for.
	began time.Time
	class pipeline.Class
	asked time.Duration
	rule  pipeline.RetryRule
	// took is how long the site took for it, overload whether it failed as things
	// do under too much load.
	took     time.Duration
	overload bool
	// reason is the failure in words, free of secrets.
	reason string
}
