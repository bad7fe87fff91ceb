package processes

import (
	"bufio"
	"bytes"
	"context"
	"fmt"
	"os"
	"strconv"

	"github.com/shirou/gopsutil/v4/process"
)

// Memory adds up the memory of the processes; what the system does not tell counts
// as nothing. Pages that several of them share count once, where it tells that.
func Memory(ctx context.Context, pids []int32) int64 {
	var sum int64
	for _, pid := range pids {
		if own, ok := Proportional(pid); ok {
			sum += own
			continue
		}
		p := &process.Process{Pid: pid}
		if m, err := p.MemoryInfoWithContext(ctx); err == nil {
			sum += int64(m.RSS) //nolint:gosec // no process has 8 EB
		}
	}
	return sum
}

// Proportional is the memory of a process in which a page that n processes share
// counts as the n-th part of one: Linux alone tells it.
func Proportional(pid int32) (int64, bool) {
	src, err := os.ReadFile(fmt.Sprintf("/proc/%d/smaps_rollup", pid))
	if err != nil {
		return 0, false
	}
	return pss(src)
}

// pss reads the sum of what Linux says of a process's memory.
func pss(rollup []byte) (int64, bool) {
	for lines := bufio.NewScanner(bytes.NewReader(rollup)); lines.Scan(); {
		words := bytes.Fields(lines.Bytes())
		if len(words) == 3 && string(words[0]) == "Pss:" && string(words[2]) == "kB" {
			n, err := strconv.ParseInt(string(words[1]), 10, 64)
			return n << 10, err == nil
		}
	}
	return 0, false
}
