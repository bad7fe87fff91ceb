package processes

import (
	"bytes"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"time"
)

// ErrNotTold is of a system that does not tell what is asked for.
var ErrNotTold = errors.New("this system has no /proc that tells of processes: Linux alone has")

// Usage is what a process has taken until now.
type Usage struct {
	PID, Parent int32
	// Started is in ticks since the system's start: with the PID it names the process
	// for as long as the system runs.
	Started uint64
	// CPU is the processor time of the process itself, in all of its threads.
	CPU time.Duration
}

// tick is the unit of time in /proc, on all systems that Go knows.
const tick = time.Second / 100

// All gives what each process has taken until now. Those that end meanwhile are left
// out.
func All() ([]Usage, error) {
	dirs, err := filepath.Glob("/proc/[0-9]*")
	if err != nil || len(dirs) == 0 {
		return nil, ErrNotTold
	}
	all := make([]Usage, 0, len(dirs))
	for _, dir := range dirs {
		if u, ok := in(dir); ok {
			all = append(all, u)
		}
	}
	return all, nil
}

// Of gives what a process has taken until now.
func Of(pid int32) (Usage, bool) { return in(fmt.Sprintf("/proc/%d", pid)) }

// OfThread gives what the calling thread has taken until now; a goroutine that asks twice
// must be locked to its thread.
func OfThread() (Usage, bool) { return in("/proc/thread-self") }

func in(dir string) (Usage, bool) {
	src, err := os.ReadFile(filepath.Join(dir, "stat")) //nolint:gosec // the system's own
	if err != nil {
		return Usage{}, false
	}
	return usage(src)
}

// usage reads a line of /proc/PID/stat. The name stands in brackets and may hold
// anything, brackets too.
func usage(stat []byte) (Usage, bool) {
	pid, _, _ := bytes.Cut(stat, []byte(" "))
	end := bytes.LastIndexByte(stat, ')')
	words := bytes.Fields(stat[end+1:])
	if end < 0 || len(words) < 20 {
		return Usage{}, false
	}
	var failed error
	number := func(b []byte) uint64 {
		n, err := strconv.ParseUint(string(b), 10, 63)
		failed = errors.Join(failed, err)
		return n
	}
	u := Usage{
		PID: int32(number(pid)), Parent: int32(number(words[1])), Started: number(words[19]), //nolint:gosec // the system's numbers of processes are below 2^22
		CPU: time.Duration(number(words[11])+number(words[12])) * tick, //nolint:gosec // 63 bits
	}
	return u, failed == nil
}

// CommandLine is a process's, its words joined by spaces; "" of one that is gone.
func CommandLine(pid int32) string {
	src, err := os.ReadFile(fmt.Sprintf("/proc/%d/cmdline", pid))
	if err != nil {
		return ""
	}
	return string(bytes.TrimSpace(bytes.ReplaceAll(src, []byte{0}, []byte(" "))))
}
