package bench

import (
	"bufio"
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"time"
)

// Counted is how often a program speaks to the browser and to its driver, for an item.
type Counted struct {
	// Commands are those that the driver sends to the browser, Functions those of them that
	// have a function called in a page; RoundTrips are the calls of the program to the
	// driver.
	Commands   float64 `json:"commands"`
	Functions  float64 `json:"functions"`
	RoundTrips float64 `json:"round_trips"`
}

// countedMost is the most items of the run that is counted and not timed: its log is long.
const countedMost = 20

// The driver's own words in its log.
const (
	commandMark  = "pw:protocol SEND ►"
	channelMark  = "pw:channel SEND>"
	functionMark = `"method":"Runtime.callFunctionOn"`
)

// count has a program do some items with a log of all messages, and counts those since
// its first item. A peer is its driver's own client; pipe's library logs its calls to
// standard output.
func (o Options) count(ctx context.Context, p program, s Shape) (Counted, error) {
	items := min(o.Items, max(countedMost, 2*s.workers()))
	log := filepath.Join(o.Dir, "messages.log")
	defer func() { _ = os.Remove(log) }()
	m, err := o.measure(ctx, p, s, items, "DEBUG=pw:protocol,pw:channel", "DEBUG_FILE="+log, "DEBUGP=1")
	if err != nil {
		return Counted{}, err
	}
	if m.wrong != "" {
		return Counted{}, errors.New(m.wrong)
	}
	file, err := os.Open(log) //nolint:gosec // of our own folder
	if err != nil {
		return Counted{}, fmt.Errorf("%s has written no log of its messages: %w", p.name, err)
	}
	defer func() { _ = file.Close() }()
	all, err := countMessages(file, m.history.first)
	if err != nil {
		return Counted{}, err
	}
	n := float64(items)
	all.RoundTrips += float64(m.history.sent)
	return Counted{Commands: all.Commands / n, Functions: all.Functions / n, RoundTrips: all.RoundTrips / n}, nil
}

// countMessages counts the lines of a driver's log that tell of a command to the browser,
// and of a call to the driver, since a time.
func countMessages(log io.Reader, since time.Time) (Counted, error) {
	var all Counted
	lines := bufio.NewReaderSize(log, 1<<12)
	for {
		line, err := lines.ReadSlice('\n')
		stamp, rest, _ := bytes.Cut(line, []byte(" "))
		at, bad := time.Parse(time.RFC3339, string(stamp))
		switch {
		case bad != nil || at.Before(since.Truncate(time.Millisecond)):
		case bytes.HasPrefix(rest, []byte(channelMark)):
			all.RoundTrips++
		case bytes.HasPrefix(rest, []byte(commandMark)):
			all.Commands++
			if bytes.Contains(rest, []byte(functionMark)) {
				all.Functions++
			}
		}
		if errors.Is(err, bufio.ErrBufferFull) {
			err = skipLine(lines)
		}
		if errors.Is(err, io.EOF) {
			return all, nil
		}
		if err != nil {
			return all, fmt.Errorf("reading the log of messages: %w", err)
		}
	}
}
