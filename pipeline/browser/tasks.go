package browser

import "github.com/sourcegraph/conc"

// tasks are the goroutines of an owner, who waits for them when it closes. One
// that is under way may start others; once all are through, none starts.
type tasks struct {
	underWay *refcount
	group    conc.WaitGroup
}

func newTasks() *tasks { return &tasks{underWay: newRefcount(func() {})} }

func (t *tasks) start(f func()) {
	if !t.underWay.enter() {
		return
	}
	t.group.Go(func() {
		defer t.underWay.exit()
		f()
	})
}

// wait returns when all are through. Each of them watches the context of its
// owner's life, or has a limit.
func (t *tasks) wait() {
	t.underWay.leave()
	<-t.underWay.over
	t.group.Wait()
}
