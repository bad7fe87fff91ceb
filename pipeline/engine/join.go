package engine

import (
	"context"
	"errors"
	"time"

	"pipe/pipeline"
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

// heartbeat gives the run's signs of life until ended is closed.
func heartbeat(ctx context.Context, ledger pipeline.Ledger, run int64, ended <-chan struct{}) error {
	tick := time.NewTicker(beatEvery)
	defer tick.Stop()
	for {
		select {
		case <-tick.C:
		case <-ended:
			return nil
		case <-ctx.Done():
			return ctx.Err()
		}
		if err := ledger.Beat(ctx, run, time.Now()); err != nil {
			return err
		}
	}
}

// elsewhere tells what becomes of a job whose attempt could not be begun, or
// was taken over: another run has it, or has settled it. The error is any other.
func elsewhere(j *job, err error) (settled, error) {
	switch {
	case errors.Is(err, pipeline.ErrTaken):
		j.due = time.Now().Add(takenWait)
		return settled{job: j, again: true}, nil
	case errors.Is(err, pipeline.ErrSettled):
		return settled{job: j}, nil
	default:
		return settled{}, err
	}
}

// follow passes on what the runs that this one joined have found, and find,
// in their sources.
func (f *feedStage) follow(ctx context.Context) error {
	defer close(f.out)
	seen := map[string]bool{}
	var listed listedItems
	tick := time.NewTicker(takenWait)
	defer tick.Stop()
	for began := time.Now(); ; {
		w, err := f.ledger.Waiting(ctx, f.run)
		if err != nil {
			return err
		}
		if err := listed.note(ctx, f, w.List); err != nil {
			return err
		}
		for _, one := range w.Items {
			if seen[one.Item.Key] || !f.wants(one.Item.Key) {
				continue
			}
			seen[one.Item.Key] = true
			if ok, err := f.pass(ctx, newJob(f.spec, one.Item, one.Due, one.Counted)); !ok || err != nil {
				return err
			}
		}
		early := w.Others == 0 && len(seen) == 0 && time.Since(began) < joinWait
		read := !w.Reading && !early
		if read || f.siblings.unlikely() {
			if ok, err := f.release(ctx); !ok || err != nil {
				return err
			}
		}
		if read || f.left == 0 && f.released {
			return f.sourceRead(ctx)
		}
		select {
		case <-tick.C:
		case <-f.stop:
			return nil
		case <-ctx.Done():
			return ctx.Err()
		}
	}
}

// listedItems are those of the list that another run reads, which siblings are to
// know, settled ones too: of which list, and up to where they are noted.
type listedItems struct {
	list int64
	seq  int
}

func (l *listedItems) note(ctx context.Context, f *feedStage, list int64) error {
	if f.released {
		return nil
	}
	if l.list != list {
		*l = listedItems{list: list}
	}
	for item, err := range f.ledger.Listed(ctx, l.list, l.seq) {
		if err != nil {
			return err
		}
		f.siblings.note(item.Fields)
		l.seq = item.Seq
	}
	return nil
}
