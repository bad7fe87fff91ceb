package main

import (
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
)

// memory is what the run's processes have resident in all, in bytes. Pages that
// several share count with each: a share of them would grow as the browsers of
// other tests end.
func (s *started) memory() int64 {
	s.t.Helper()
	var sum int64
	for _, bytes := range s.memoryByKind() {
		sum += bytes
	}
	return sum
}

// processType is how Chromium says of a process what it is for.
var processType = regexp.MustCompile(`--type=([a-z-]+)`)

// memoryByKind is that by what the processes are: pipe, the driver, the browser and
// its helpers.
func (s *started) memoryByKind() map[string]int64 {
	s.t.Helper()
	kinds := map[string]int64{}
	for _, dir := range family(s.t) {
		command, err := os.ReadFile(filepath.Join(dir, "cmdline"))
		if err != nil {
			continue // it has ended
		}
		resident, ok := s.resident(dir)
		if !ok {
			continue
		}
		kind := "pipe"
		switch of := processType.FindSubmatch(command); {
		case of != nil:
			kind = string(of[1])
		case strings.Contains(string(command), "run-driver"):
			kind = "driver"
		case strings.Contains(string(command), "--remote-debugging-pipe"):
			kind = "browser"
		}
		kinds[kind] += resident
	}
	if len(kinds) == 0 {
		s.t.Fatal("no process is there to be measured")
	}
	return kinds
}

// resident is what a process has resident, by its folder in /proc.
func (s *started) resident(dir string) (int64, bool) {
	s.t.Helper()
	text, err := os.ReadFile(filepath.Join(dir, "smaps_rollup"))
	if err != nil {
		return 0, false
	}
	for line := range strings.Lines(string(text)) {
		if rest, ok := strings.CutPrefix(line, "Rss:"); ok {
			kb, err := strconv.ParseInt(strings.Fields(rest)[0], 10, 64)
			s.must(err)
			return kb << 10, true
		}
	}
	return 0, false
}

// logMemory writes a row of the table of what the run needs as it goes on: its
// processes' memory, and the ledger's files.
func (s *started) logMemory(items int) {
	s.t.Helper()
	kinds := s.memoryByKind()
	row := fmt.Sprintf("%5d items:", items)
	for _, kind := range slices.Sorted(maps.Keys(kinds)) {
		row += fmt.Sprintf("  %s %d MB", kind, kinds[kind]>>20)
	}
	for _, name := range []string{"ledger.sqlite", "ledger.sqlite-wal"} {
		if info, err := os.Stat(filepath.Join(s.out, name)); err == nil {
			row += fmt.Sprintf("  %s %d kB", name, info.Size()>>10)
		}
	}
	s.t.Log(row)
}
