package capture

import (
	"context"
	"fmt"
	"strconv"
	"strings"
	"sync"
	"time"

	"github.com/playwright-community/playwright-go"

	"pipe/steps"
)

// sightings are what happened on a page since the trigger, for the case that no
// file comes. What the site sends is data: it is shortened, and made fit for a
// terminal.
type sightings struct {
	mu    sync.Mutex
	order []string
	times map[string]int
	// passed are the files that were looked at and were not the one.
	passed []string
	// others is how many there were beside maxSeen.
	others int
	done   bool
}

// maxSeen is how many things are told.
const maxSeen = 12

// add notes something that happened; the same is counted.
func (s *sightings) add(what string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.times == nil {
		s.times = map[string]int{}
	}
	switch {
	case s.times[what] > 0:
		s.times[what]++
	case len(s.order) >= maxSeen:
		s.others++
	default:
		s.order = append(s.order, what)
		s.times[what] = 1
	}
}

// answer notes an answer of the site.
func (s *sightings) answer(req paused) {
	at := req.method + " " + steps.ShortURL(req.url)
	if req.failure != "" {
		s.add(fmt.Sprintf("%s broke off: %s", at, req.failure))
		return
	}
	kind, _, _ := strings.Cut(header(req.headers, "content-type"), ";")
	size := "of unknown size"
	if n, err := strconv.ParseInt(header(req.headers, "content-length"), 10, 64); err == nil {
		size = fmt.Sprintf("%d bytes", n)
	}
	if kind = steps.Printable(kind); kind == "" {
		kind = "no type"
	}
	s.add(fmt.Sprintf("%s answered %d, %s, %s", at, req.status, kind, size))
}

// tab notes a request of a tab that the page opened, or its answer.
func (s *sightings) tab(req paused) {
	if req.answered {
		s.answer(req)
		return
	}
	s.add("a tab asked for " + steps.ShortURL(req.url))
}

// passBy notes a file that was looked at and is not the one.
func (s *sightings) passBy(what, why string) {
	text := what + " " + why
	s.add("passed by: " + text)
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.times["passed by: "+text] == 1 && len(s.passed) < maxSeen {
		s.passed = append(s.passed, text)
	}
}

// worked notes that the page asked for something else since, and was answered.
func (s *sightings) worked() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.done = true
}

func (s *sightings) hasWorked() bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.done
}

// list gives what happened, with what the page says.
func (s *sightings) list(c *captureListener) []string {
	alerts := pageAlerts(c.page.page.Life(), c.page.page.Playwright())
	return append(s.noted(), alerts...)
}

// noted gives what happened.
func (s *sightings) noted() []string {
	s.mu.Lock()
	defer s.mu.Unlock()
	var all []string
	for _, what := range s.order {
		if n := s.times[what]; n > 1 {
			what += fmt.Sprintf(" (%d times)", n)
		}
		all = append(all, what)
	}
	if s.others > 0 {
		all = append(all, fmt.Sprintf("and %d more", s.others))
	}
	return all
}

// PassedBy tells of the files that were looked at and were not the one.
func (c *captureListener) PassedBy() []string {
	c.seen.mu.Lock()
	defer c.seen.mu.Unlock()
	var all []string
	for _, what := range c.seen.passed {
		if n := c.seen.times["passed by: "+what]; n > 1 {
			what += fmt.Sprintf(" (%d times)", n)
		}
		all = append(all, what)
	}
	return all
}

// maxAlerts is how many of them are read, maxAlert how much of each.
const maxAlerts, maxAlert = 3, 1000

// alertsLimit is how long the page may take to say so.
const alertsLimit = 2 * time.Second

// pageAlerts reads what a page says to its user.
func pageAlerts(ctx context.Context, pw playwright.Page) []string {
	found, err := steps.CallWithin(ctx, alertsLimit, "reading the page's alerts", func() (any, error) {
		return pw.Evaluate(steps.AlertsJS, []any{maxAlerts, maxAlert})
	})
	if err != nil {
		return nil // a page that moves, or is gone, says nothing
	}
	var all []string
	texts, _ := found.([]any)
	for _, t := range texts {
		text, _ := t.(string)
		all = append(all, fmt.Sprintf("the page says %q", steps.Printable(text)))
	}
	return all
}

// watchErrors notes what goes wrong in the page's scripts, until stop.
func (s *sightings) watchErrors(pw playwright.Page) (stop func(), err error) {
	console := func(m playwright.ConsoleMessage) {
		// An answer that is an error is told as such.
		if m.Type() == "error" && !strings.HasPrefix(m.Text(), "Failed to load resource") {
			s.add(fmt.Sprintf("the page's console: %q", steps.Printable(m.Text())))
		}
	}
	thrown := func(err error) {
		s.add(fmt.Sprintf("an error of the page's scripts: %q", steps.Printable(err.Error())))
	}
	err = steps.RecoverPanics(func() {
		pw.OnConsole(console)
		pw.OnPageError(thrown)
	})
	return func() {
		_ = steps.RecoverPanics(func() {
			pw.RemoveListener("console", console)
			pw.RemoveListener("pageerror", thrown)
		})
	}, err
}
