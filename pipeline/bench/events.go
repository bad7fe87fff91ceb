package bench

import (
	"bufio"
	"bytes"
	"encoding/json"
	"errors"
	"io"
	"sync"
	"time"
)

// event is a line of a program's output: peers tell what happens as pipe does.
type event struct {
	Time   time.Time `json:"time"`
	Kind   string    `json:"event"`
	Worker string    `json:"worker"`
	Key    string    `json:"key"`
}

// history is what a program has told.
type history struct {
	mu sync.Mutex
	// begun is when the page of a worker began with what it has in hand.
	begun map[string]time.Time
	// first and freed are when the first item was begun, and the last page was free.
	first, freed time.Time
	// busy is how long items were on pages, of all pages together.
	busy time.Duration
	done []time.Time
	// attempts counts those begun; sent the messages to the driver since the first item.
	attempts, sent int
}

func newHistory() *history { return &history{begun: map[string]time.Time{}} }

// sentMark begins the line before each message that the driver's library for Go sends,
// where it is told to say so.
var sentMark = []byte("\x1b[32mSEND>")

// read takes all of a program's output.
func (h *history) read(out io.Reader) error {
	lines := bufio.NewReaderSize(out, 1<<16)
	for {
		line, err := lines.ReadSlice('\n')
		whole := err == nil
		if whole || errors.Is(err, io.EOF) {
			h.line(line)
		} else if errors.Is(err, bufio.ErrBufferFull) {
			err = skipLine(lines) // no event is as long
		}
		if errors.Is(err, io.EOF) {
			return nil
		}
		if err != nil {
			return err
		}
	}
}

func skipLine(lines *bufio.Reader) error {
	for {
		_, err := lines.ReadSlice('\n')
		if !errors.Is(err, bufio.ErrBufferFull) {
			return err
		}
	}
}

func (h *history) line(line []byte) {
	h.mu.Lock()
	defer h.mu.Unlock()
	var e event
	switch {
	case bytes.HasPrefix(line, sentMark) && !h.first.IsZero():
		h.sent++
	case bytes.HasPrefix(line, []byte(`{"time":`)) && json.Unmarshal(line, &e) == nil:
		h.add(e)
	}
}

// add follows a worker: an item is on its page from the first step for it until the page
// is free. Until then a page may be opened and logged in; steps without a key are a
// login's.
func (h *history) add(e event) {
	switch e.Kind {
	case "attempt_started":
		h.attempts++
		h.begun[e.Worker] = time.Time{}
	case "step_started":
		if since, inHand := h.begun[e.Worker]; inHand && since.IsZero() && e.Key != "" {
			h.begun[e.Worker] = e.Time
			if h.first.IsZero() {
				h.first = e.Time
			}
		}
	case "page_freed":
		if since := h.begun[e.Worker]; !since.IsZero() {
			h.busy += e.Time.Sub(since)
			h.freed = e.Time
		}
		delete(h.begun, e.Worker)
	case "item_done":
		h.done = append(h.done, e.Time)
	}
}
