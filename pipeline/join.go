package pipeline

import (
	"context"
	"errors"
	"slices"
	"time"
)

// Runs that share a ledger divide its items among them: a job goes to the
// attempt that is begun first. What another run has in hand is asked for again,
// until it is settled or that run ends or dies.

const (
	// beatEvery is how often a run gives a sign of life.
	beatEvery = 5 * time.Second
	// takenWait is how long an item of another run's is left alone.
	takenWait = time.Second
	// joinWait is how long a run that joins waits for the other's begin.
	joinWait = time.Minute
)

// beat gives signs of life until quit is closed.
func (r *run) beat(ctx context.Context, quit <-chan struct{}) error {
	tick := time.NewTicker(beatEvery)
	defer tick.Stop()
	for {
		select {
		case <-tick.C:
		case <-quit:
			return nil
		case <-ctx.Done():
			return ctx.Err()
		}
		if err := r.cfg.Ledger.Beat(ctx, r.number, time.Now()); err != nil {
			return err
		}
	}
}

// elsewhere tells what becomes of a job whose attempt could not be begun, or
// was taken over: another run has it, or has settled it. The error is any other.
func elsewhere(j *job, err error) (settled, error) {
	switch {
	case errors.Is(err, ErrTaken):
		j.due = time.Now().Add(takenWait)
		return settled{job: j, again: true}, nil
	case errors.Is(err, ErrSettled):
		return settled{job: j}, nil
	default:
		return settled{}, err
	}
}

// follow passes on what the runs that this one joined have found, and find,
// in their sources.
func (f *feeder) follow(ctx context.Context) error {
	seen := map[string]bool{}
	tick := time.NewTicker(takenWait)
	defer tick.Stop()
	for began := time.Now(); ; {
		w, err := f.cfg.Ledger.Waiting(ctx, f.number)
		if err != nil {
			return err
		}
		for _, one := range w.Items {
			named := len(f.cfg.Only) == 0 || slices.Contains(f.cfg.Only, one.Item.Key)
			if seen[one.Item.Key] || !named || f.left == 0 {
				continue
			}
			seen[one.Item.Key] = true
			f.left--
			if ok, err := f.pass(ctx, &job{item: one.Item, again: one.Due, counted: one.Counted, failures: map[Class]int{}}); !ok || err != nil {
				return err
			}
		}
		early := w.Others == 0 && len(seen) == 0 && time.Since(began) < joinWait
		if !w.Reading && !early || f.left == 0 {
			return f.sourceRead(ctx)
		}
		select {
		case <-tick.C:
		case <-f.cfg.Stop:
			return nil
		case <-ctx.Done():
			return ctx.Err()
		}
	}
}

// pass hands a job on; false when the run is to begin no more.
func (f *feeder) pass(ctx context.Context, j *job) (bool, error) {
	j.account, j.refused = f.bind(j.item)
	select {
	case f.out <- j:
		return true, nil
	case <-f.cfg.Stop:
		return false, nil
	case <-ctx.Done():
		return false, ctx.Err()
	}
}
