package browser

import (
	"fmt"
	"sync"
	"time"
)

// A browser that is lost is no item's fault, and is started again at no item's
// cost; so many within so long, with nothing done between, are the machine's.
const (
	crashesMost   = 6
	crashesWithin = 15 * time.Minute
)

// crashLoop counts the browsers that were lost in a row.
type crashLoop struct {
	mu     sync.Mutex
	losses []time.Time
	failed error
}

// add notes that a browser was lost.
func (c *crashLoop) add(at time.Time) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.losses = append(c.losses, at)
	if over := len(c.losses) - crashesMost; over > 0 {
		c.losses = c.losses[over:]
	}
	if took := at.Sub(c.losses[0]); len(c.losses) == crashesMost && took <= crashesWithin {
		c.failed = fmt.Errorf("the browser, or its driver, was lost %d times within %v, and no item came through between: is there enough memory, "+
			"and does this browser run here? `pipe doctor` tells what is there; fewer pool.contexts and pool.pages need less", crashesMost, took.Round(time.Second))
	}
}

// worked notes that something came through.
func (c *crashLoop) worked() {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.failed == nil {
		c.losses = nil
	}
}

// err tells whether browsers are lost again and again; nothing is started then.
func (c *crashLoop) err() error {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.failed
}

// Worked says that an item came through: what is lost from now on is no loop.
func (s *Supervisor) Worked() { s.losses.worked() }
