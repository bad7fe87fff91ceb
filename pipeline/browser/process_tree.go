package browser

import (
	"context"
	"errors"
	"fmt"
	"os"

	"github.com/shirou/gopsutil/v4/process"

	"pipe/pipeline/processes"
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

// endProcessTrees ends processes which this program started, and theirs.
func endProcessTrees(ctx context.Context, roots ...processRecord) error {
	var own []int32
	for _, r := range roots {
		if r.PID > 0 && r.is(ctx) {
			own = append(own, r.PID)
		}
	}
	var failed error
	for _, pid := range processes.Tree(ctx, own...) {
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
