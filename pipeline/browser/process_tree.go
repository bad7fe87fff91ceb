package browser

import (
	"context"
	"errors"
	"fmt"
	"os"
	"slices"

	"github.com/shirou/gopsutil/v4/process"
)

// processRecord is a process that a run has started, as it is written down so
// that the next run can end what a dead one left.
type processRecord struct {
	PID int32 `json:"pid"`
	// Started is when the process began, in milliseconds since 1970: the next
	// process of that number began at another time.
	Started int64  `json:"started"`
	Name    string `json:"name"`
}

// record describes a process that runs now.
func record(ctx context.Context, pid int32) (processRecord, error) {
	p, err := process.NewProcessWithContext(ctx, pid)
	if err != nil {
		return processRecord{}, err
	}
	started, err := p.CreateTimeWithContext(ctx)
	if err != nil {
		return processRecord{}, err
	}
	name, err := p.NameWithContext(ctx)
	return processRecord{PID: pid, Started: started, Name: name}, err
}

// clockSlack is by how much the start of one and the same process may differ:
// systems reckon it from the boot, whose time is adjusted.
const clockSlack = 1500

// is tells whether the process on record is the one that runs now.
func (r processRecord) is(ctx context.Context) bool {
	now, err := record(ctx, r.PID)
	gap := now.Started - r.Started
	return err == nil && now.Name == r.Name && gap > -clockSlack && gap < clockSlack
}

// parents gives the parent of every process.
func parents(ctx context.Context) map[int32]int32 {
	all := map[int32]int32{}
	pids, err := process.PidsWithContext(ctx)
	if err != nil {
		return all
	}
	for _, pid := range pids {
		p := &process.Process{Pid: pid}
		if parent, err := p.PpidWithContext(ctx); err == nil {
			all[pid] = parent
		}
	}
	return all
}

// processTree gives the processes and all that they have started.
func processTree(ctx context.Context, roots ...int32) []int32 {
	of := parents(ctx)
	var found []int32
	for _, root := range roots {
		if _, runs := of[root]; runs && root > 0 {
			found = append(found, root)
		}
	}
	for i := 0; i < len(found); i++ {
		for child, parent := range of {
			if parent == found[i] && !slices.Contains(found, child) {
				found = append(found, child)
			}
		}
	}
	return found
}

// endProcessTrees ends processes which this program started, and theirs.
func endProcessTrees(ctx context.Context, roots ...processRecord) error {
	var own []int32
	for _, r := range roots {
		if r.PID > 0 && r.is(ctx) {
			own = append(own, r.PID)
		}
	}
	var failed error
	for _, pid := range processTree(ctx, own...) {
		p, err := os.FindProcess(int(pid))
		if err == nil {
			err = p.Kill()
		}
		if err != nil && !errors.Is(err, os.ErrProcessDone) {
			failed = errors.Join(failed, fmt.Errorf("ending process %d: %w", pid, err))
		}
	}
	return failed
}
