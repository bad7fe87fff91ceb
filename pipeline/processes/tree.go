// Package processes tells what the system says of processes: who has started whom,
// and how much memory and processor time they take.
//
// It reads what the system tells anybody, ends nothing, and imports none of the
// project's packages.
package processes

import (
	"context"
	"slices"

	"github.com/shirou/gopsutil/v4/process"
)

// Parents gives the parent of every process.
func Parents(ctx context.Context) map[int32]int32 {
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

// Tree gives the processes and all that they have started.
func Tree(ctx context.Context, roots ...int32) []int32 {
	of := Parents(ctx)
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
