// Package metrics folds the events of a run into metrics for Prometheus.
//
// [Metrics] is a [pipeline.Observer], and [Serve] gives it out over HTTP. No metric has
// a label that grows with the list: neither keys nor addresses nor reasons. It imports
// package pipeline and specs.
package metrics

import (
	"strings"
	"sync"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/collectors"

	"pipe/pipeline"
	"pipe/specs"
)

// The values of labels that are not classes: each is there from the first scrape, as 0,
// so that a rate over it is known from its first increase.
var (
	settled = []string{"done", "skipped", "failed"}
	// stages are the parts of an attempt that the engine times.
	stages = []string{"open", "navigate", "download", "fetch", "prove", "place"}
)

// The states of a session.
const (
	sessionNone      = "none"
	sessionLoggingIn = "logging_in"
	sessionReady     = "ready"
	sessionLost      = "lost"
	sessionGivenUp   = "given_up"
)

var sessionStates = []string{sessionNone, sessionLoggingIn, sessionReady, sessionLost, sessionGivenUp}

// wellClass is the class of an attempt that came to a good end.
const wellClass = "none"

// seconds are the bounds of what an item takes, and stageSeconds of its parts.
var (
	seconds      = []float64{0.25, 0.5, 1, 2.5, 5, 10, 20, 30, 60, 120, 300, 600}
	stageSeconds = []float64{0.01, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 120, 300}
)

// Metrics are those of one run. It is safe for concurrent use.
type Metrics struct {
	registry *prometheus.Registry

	listed, workers, sessions                             *prometheus.GaugeVec
	pending, fetching, heldUntil, pages, paused           prometheus.Gauge
	items, attempts, holds, recoveries                    *prometheus.CounterVec
	logins, files, bytes, rateLimited, badRows, duplicate prometheus.Counter
	itemSeconds                                           prometheus.Histogram
	stageSeconds                                          *prometheus.HistogramVec

	mu sync.Mutex
	// busy are the workers that have an item on their page, of so many, and onTheWay the
	// items whose file is.
	busy, onTheWay map[string]bool
	all            int
	// states are those of the sessions by their names, and accountOf theirs.
	states, accountOf map[string]string
}

// New makes the metrics of a run of a spec by this version of the program.
func New(spec, version string) *Metrics {
	m := &Metrics{registry: prometheus.NewRegistry(), busy: map[string]bool{}, onTheWay: map[string]bool{}, states: map[string]string{}, accountOf: map[string]string{}}
	m.make()
	info := prometheus.NewGauge(prometheus.GaugeOpts{
		Name: "pipe_run_info", Help: "The run that these metrics are of; always 1.", ConstLabels: prometheus.Labels{"spec": spec, "version": version},
	})
	info.Set(1)
	started := prometheus.NewGauge(prometheus.GaugeOpts{Name: "pipe_run_start_time_seconds", Help: "When the run began, in seconds since 1970."})
	started.SetToCurrentTime()
	m.registry.MustRegister(
		info, started, m.listed, m.workers, m.sessions, m.pending, m.fetching, m.heldUntil, m.pages, m.paused, m.items, m.attempts, m.holds, m.recoveries,
		m.logins, m.files, m.bytes, m.rateLimited, m.badRows, m.duplicate, m.itemSeconds, m.stageSeconds,
		collectors.NewGoCollector(), collectors.NewProcessCollector(collectors.ProcessCollectorOpts{}),
	)
	m.zero()
	return m
}

// Gatherer gives the metrics as they stand.
func (m *Metrics) Gatherer() prometheus.Gatherer { return m.registry }

func (m *Metrics) make() {
	gauge := func(name, help string) prometheus.Gauge {
		return prometheus.NewGauge(prometheus.GaugeOpts{Name: name, Help: help})
	}
	gauges := func(name, help, label string) *prometheus.GaugeVec {
		return prometheus.NewGaugeVec(prometheus.GaugeOpts{Name: name, Help: help}, []string{label})
	}
	counter := func(name, help string) prometheus.Counter {
		return prometheus.NewCounter(prometheus.CounterOpts{Name: name, Help: help})
	}
	counters := func(name, help, label string) *prometheus.CounterVec {
		return prometheus.NewCounterVec(prometheus.CounterOpts{Name: name, Help: help}, []string{label})
	}
	m.listed = gauges("pipe_items", "Rows of the list by where they stand, earlier runs counted in.", "status")
	m.pending = gauge("pipe_items_pending", "Items that are still to do, those included that are due again.")
	m.fetching = gauge("pipe_items_fetching", "Items whose page is free, and whose file is on its way or being proved.")
	m.workers = gauges("pipe_workers", "Workers by what they do: busy has an item on its page, idle has none.", "state")
	m.sessions = gauges("pipe_sessions", "Browser contexts that log in, by state: none, logging_in, ready, lost or given_up.", "state")
	m.pages = gauge("pipe_pages_limit", "How many pages may be at work.")
	m.paused = gauge("pipe_paused", "1 while an operator has the run paused.")
	m.heldUntil = gauge("pipe_held_until_seconds", "Until when no item is begun, in seconds since 1970; 0 when nothing holds the run.")
	m.items = counters("pipe_items_total", "Items that this run has settled, by how.", "status")
	m.attempts = counters("pipe_attempts_total", "Attempts at items that have ended, by their class of failure; none for those that went well.", "class")
	m.holds = counters("pipe_holds_total", "How often the site was left alone for a while, by the class of failure that led to it.", "class")
	m.recoveries = counters("pipe_recoveries_total", "How often a page was brought back to its home, by what did it.", "action")
	m.logins = counter("pipe_logins_total", "Logins that worked.")
	m.files = counter("pipe_files_total", "Files that were proved and put in place.")
	m.bytes = counter("pipe_file_bytes_total", "Bytes of these files.")
	m.rateLimited = counter("pipe_rate_limited_total", "Attempts that the site has met by asking for a slower pace.")
	m.badRows = counter("pipe_bad_rows_total", "Rows of the list that are no items.")
	m.duplicate = counter("pipe_duplicate_rows_total", "Rows of the list whose key was seen before.")
	m.itemSeconds = prometheus.NewHistogram(prometheus.HistogramOpts{
		Name: "pipe_item_duration_seconds", Help: "What the attempts took that brought an item home, from their start to its record.", Buckets: seconds,
	})
	m.stageSeconds = prometheus.NewHistogramVec(prometheus.HistogramOpts{
		Name: "pipe_stage_duration_seconds", Help: "What ended attempts took in each stage.", Buckets: stageSeconds,
	}, []string{"stage"})
}

// zero has every value of a label there from the beginning.
func (m *Metrics) zero() {
	for _, status := range settled {
		m.items.WithLabelValues(status)
	}
	for _, class := range append(specs.EndClasses(), wellClass) {
		m.attempts.WithLabelValues(class)
	}
	for _, stage := range stages {
		m.stageSeconds.WithLabelValues(stage)
	}
	for _, class := range []pipeline.Class{pipeline.RateLimited, pipeline.SiteDown} {
		m.holds.WithLabelValues(string(class))
	}
	for _, one := range []string{"closed stray tabs", "new page", "new context"} {
		m.recoveries.WithLabelValues(action(one))
	}
	m.totals(pipeline.Totals{})
	m.count()
}

// action is what a recovery did, without why.
func action(step string) string {
	what, _, _ := strings.Cut(step, ":")
	return strings.ReplaceAll(what, " ", "_")
}

// Observe folds an event in.
func (m *Metrics) Observe(e pipeline.Event) {
	m.mu.Lock()
	defer m.mu.Unlock()
	if e.Totals != nil {
		m.totals(*e.Totals)
	}
	switch e.Kind {
	case pipeline.RunStarted:
		m.all = len(e.Workers)
		m.pages.Set(float64(e.Pages))
		for _, session := range e.Sessions {
			m.states[session.Name], m.accountOf[session.Name] = sessionNone, session.Account
		}
	case pipeline.LoggingIn, pipeline.LoggedIn, pipeline.LoginKept, pipeline.LoginLost, pipeline.AccountGivenUp:
		m.session(e)
	case pipeline.BadRow:
		m.badRows.Inc()
	case pipeline.DuplicateRow:
		m.duplicate.Inc()
	case pipeline.AttemptStarted:
		m.busy[e.Worker] = true
	case pipeline.PageFreed:
		delete(m.busy, e.Worker)
		m.onTheWay[e.Key] = true
	case pipeline.Recovered:
		m.recoveries.WithLabelValues(action(e.Step)).Inc()
	case pipeline.Held:
		m.holds.WithLabelValues(string(e.Class)).Inc()
		m.heldUntil.Set(float64(e.Until.UnixMilli()) / 1000)
	case pipeline.Resumed:
		m.heldUntil.Set(0)
	case pipeline.Adapted:
		m.pages.Set(float64(e.Pages))
	case pipeline.Paused:
		m.paused.Set(1)
	case pipeline.Continued:
		m.paused.Set(0)
	default:
		m.ended(e)
	}
	m.count()
}

// session folds in what a session has come to.
func (m *Metrics) session(e pipeline.Event) {
	switch e.Kind {
	case pipeline.LoggingIn:
		m.states[e.Worker] = sessionLoggingIn
	case pipeline.LoggedIn:
		m.logins.Inc()
		m.states[e.Worker] = sessionReady
	case pipeline.LoginKept:
		m.states[e.Worker] = sessionReady
	case pipeline.LoginLost:
		m.states[e.Worker] = sessionLost
	default:
		for name, account := range m.accountOf {
			if account == e.Account {
				m.states[name] = sessionGivenUp
			}
		}
	}
}

// ended folds the end of an attempt in.
func (m *Metrics) ended(e pipeline.Event) {
	status := ""
	switch e.Kind {
	case pipeline.ItemDone:
		status = "done"
	case pipeline.ItemSkipped:
		status = "skipped"
	case pipeline.ItemFailed, pipeline.RefreshFailed:
		status = "failed"
	case pipeline.AttemptFailed, pipeline.SecondLook:
	default:
		return
	}
	delete(m.onTheWay, e.Key)
	class := string(e.Class)
	if class == "" {
		class = wellClass
	}
	m.attempts.WithLabelValues(class).Inc()
	if e.Class == pipeline.RateLimited {
		m.rateLimited.Inc()
	}
	for _, stage := range e.Stages {
		m.stageSeconds.WithLabelValues(stage.Step).Observe(stage.Took.Seconds())
	}
	if status == "" {
		return
	}
	m.items.WithLabelValues(status).Inc()
	if e.Kind != pipeline.ItemDone {
		return
	}
	m.itemSeconds.Observe(e.Took.Seconds())
	for _, f := range e.Files {
		m.files.Inc()
		m.bytes.Add(float64(f.Size))
	}
}

// totals sets what the list has come to.
func (m *Metrics) totals(t pipeline.Totals) {
	for status, n := range map[string]int{
		"done": t.Done, "skipped": t.Skipped, "failed": t.Failed, "pending": t.Pending, "duplicate": t.Duplicates, "bad": t.Bad, "due": t.Due, "stale": t.Stale,
	} {
		m.listed.WithLabelValues(status).Set(float64(n))
	}
	m.pending.Set(float64(t.Left()))
}

// count sets what is at work.
func (m *Metrics) count() {
	m.workers.WithLabelValues("busy").Set(float64(len(m.busy)))
	m.workers.WithLabelValues("idle").Set(float64(m.all - len(m.busy)))
	for _, state := range sessionStates {
		n := 0
		for _, of := range m.states {
			if of == state {
				n++
			}
		}
		m.sessions.WithLabelValues(state).Set(float64(n))
	}
	m.fetching.Set(float64(len(m.onTheWay)))
}
