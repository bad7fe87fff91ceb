package bench

import (
	"context"
	"os"
	"runtime"
	"slices"
	"time"

	"pipe/pipeline/processes"
)

const (
	// sampleEvery is how often the processor time of each process is read: so much of
	// a process's end is not seen at most.
	sampleEvery = 100 * time.Millisecond
	// memoryEvery is how often the memory is, at the least, and memoryShare how many times
	// longer than a look takes of a processor until the next: the system looks at each page of
	// memory for it, which must not show in the figures.
	memoryEvery = time.Second
	memoryShare = 50
)

// sample is the memory of a tree at a time.
type sample struct {
	at  time.Time
	pss int64
}

// spent is the processor time of a tree until a time.
type spent struct {
	at  time.Time
	cpu time.Duration
}

// sampler watches a tree of processes.
type sampler struct {
	root    int32
	program string
	// seen are the processes of the tree, those that have ended too.
	seen    map[processKey]*seenProcess
	samples []sample
	// spent is the processor time of the whole tree until each look.
	spent []spent
	// own is the processor time that the sampler itself has taken.
	own     time.Duration
	nextPSS time.Time
	err     error
}

type processKey struct {
	pid     int32
	started uint64
}

type seenProcess struct {
	kind Kind
	cpu  time.Duration
	// settled is true once the kind will not change: a process of the browser begins as
	// the zygote, and any begins as the one that has started it.
	looks int
	live  bool
}

// ownTime is the processor time of this process.
func ownTime() time.Duration {
	own, _ := processes.Of(int32(os.Getpid())) //nolint:gosec // a process's number
	return own.CPU
}

// settledAfter is after how many looks at a process its kind is taken for good.
const settledAfter = 5

func newSampler(root int32, program string) *sampler {
	return &sampler{root: root, program: program, seen: map[processKey]*seenProcess{}}
}

// run samples until ctx ends.
func (s *sampler) run(ctx context.Context) {
	ticks := time.NewTicker(sampleEvery)
	defer ticks.Stop()
	// On a thread of its own, so that what it takes itself can be told.
	runtime.LockOSThread()
	defer runtime.UnlockOSThread()
	before, _ := processes.OfThread()
	for {
		s.look(time.Now())
		own, _ := processes.OfThread()
		s.own = own.CPU - before.CPU
		select {
		case <-ctx.Done():
			return
		case <-ticks.C:
		}
	}
}

// look reads what each process of the tree has taken until now.
func (s *sampler) look(now time.Time) {
	all, err := processes.All()
	if err != nil {
		s.err = err
		return
	}
	live := s.tree(all)
	for _, p := range s.seen {
		p.live = false
	}
	for _, u := range live {
		key := processKey{u.PID, u.Started}
		p := s.seen[key]
		if p == nil {
			p = &seenProcess{}
			s.seen[key] = p
		}
		p.cpu, p.live = u.CPU, true
		if p.looks < settledAfter {
			p.looks++
			if line := processes.CommandLine(u.PID); line != "" {
				p.kind = kindOf(line, s.program)
			}
		}
	}
	s.spent = append(s.spent, spent{now, s.sum()})
	if now.Before(s.nextPSS) {
		return
	}
	before, _ := processes.OfThread()
	var sum int64
	for _, u := range live {
		pss, _ := processes.Proportional(u.PID)
		sum += pss
	}
	s.samples = append(s.samples, sample{now, sum})
	after, _ := processes.OfThread()
	s.nextPSS = now.Add(max(memoryEvery, memoryShare*(after.CPU-before.CPU)))
}

// tree gives the root and all that it has started, also those whose parent has ended.
func (s *sampler) tree(all []processes.Usage) []processes.Usage {
	in := map[int32]bool{s.root: true}
	for _, u := range all {
		if s.seen[processKey{u.PID, u.Started}] != nil {
			in[u.PID] = true
		}
	}
	for grew := true; grew; {
		grew = false
		for _, u := range all {
			if !in[u.PID] && in[u.Parent] {
				in[u.PID], grew = true, true
			}
		}
	}
	return slices.DeleteFunc(slices.Clone(all), func(u processes.Usage) bool { return !in[u.PID] })
}

// cpu gives the time by kind; whole is what the system says of the program and all that
// it has waited for, once it has ended.
func (s *sampler) cpu(whole time.Duration) map[Kind]time.Duration {
	by := map[Kind]time.Duration{}
	for _, p := range s.seen {
		by[p.kind] += p.cpu
	}
	if sum := s.sum(); whole > sum {
		by[Other] += whole - sum
	}
	return by
}

func (s *sampler) sum() (all time.Duration) {
	for _, p := range s.seen {
		all += p.cpu
	}
	return all
}

// until is the processor time of the tree until a time.
func (s *sampler) until(t time.Time) (cpu time.Duration) {
	for _, look := range s.spent {
		if look.at.After(t) {
			break
		}
		cpu = look.cpu
	}
	return cpu
}

func (s *sampler) peak() int64 {
	var most int64
	for _, at := range s.samples {
		most = max(most, at.pss)
	}
	return most
}
