package capture

import (
	"errors"
	"fmt"
	"slices"

	"pipe/steps"
)

// without is the error of a wait that was ended, with what was seen.
func (c *captureListener) without(err error) error {
	var status *steps.StatusError
	if errors.Is(err, steps.ErrSessionLost) || steps.DiskFault(err) != nil {
		return err
	}
	e := &steps.NoFileError{Err: err, Seen: c.seen.list(c)}
	if errors.As(err, &status) {
		e.None = slices.Contains([]int{204, 404, 410}, status.Status) && c.saysNone()
	}
	return e
}

// saysNone tells whether what was refused can only have been the file: by its
// address, or as the page asked for nothing else.
func (c *captureListener) saysNone() bool {
	c.mu.Lock()
	defer c.mu.Unlock()
	for _, named := range c.refusals {
		if named {
			return true
		}
	}
	return len(c.refusals) <= 1 && !c.seen.hasWorked()
}

// nothing is what a wait comes to in which nothing was heard of a file.
const nothing = "no file came: no download began, and no tab, frame or script of the page asked for one that fits: %w"

// late is what a wait comes to whose time is over, or that is of no use any more.
func (c *captureListener) late(at int, why error) (steps.Delivery, error) {
	c.mu.Lock()
	wrong, suspicion, begun, tabs := c.wrong[at], c.suspicion, c.looks > c.tabs, c.tabs
	if c.sure {
		wrong = nil // it explains less than what was refused
	} else {
		delete(c.wrong, at)
	}
	c.mu.Unlock()
	seen := c.seen.list(c)
	if wrong != nil {
		wrong.file.got.Note = steps.SeenText(seen)
		return wrong.file, nil
	}
	e := &steps.NoFileError{Seen: seen, Hints: c.hints(at)}
	switch {
	case suspicion != nil:
		e.Err, e.Hints = suspicion, nil
	case begun:
		e.Err = fmt.Errorf("the file began to come and did not end: %w", steps.ErrTimeout)
	default:
		e.Err = why
		e.None = c.traffic.idle() && tabs == 0
	}
	return nil, e
}

// hints say what to try in the spec.
func (c *captureListener) hints(at int) []string {
	want := c.want[at]
	var hints []string
	switch {
	case want.Match.Given():
		hints = append(hints, "another `match`")
	case want.Kind != "" && want.Kind != "any":
		hints = append(hints, "another `type`")
	}
	if want.Print == nil {
		hints = append(hints, "`print`, if the page itself is the document")
	}
	if !c.traffic.idle() {
		hints = append(hints, "a longer `timeouts.capture`: requests of the page are still under way")
	}
	return append(hints, "`if_none: skip`, if there may be no file")
}
