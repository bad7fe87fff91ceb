// Package practice is a small dealership to practise on: an inventory site of
// the old kind, served on the loopback address for the demo, the tests and the
// benchmarks. Its grid filters by AJAX while the old rows stay clickable, its
// reports open in a new tab and take their time, its accounts may allow one
// session each, and it can be told to fail, in ways that a seed decides. Its
// variants show the same vehicles as sites of other makers do: see [Variants].
//
// It counts what it is asked for, so that a run can be held against what the
// site has seen: see [Site.Counts], and /-/counts for the same as JSON.
//
// It is a site like any other: it knows nothing of what runs against it, imports
// none of the project's packages, and touches nothing but its own connections.
package practice

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log"
	"net"
	"net/http"
	"slices"
	"sync"
	"sync/atomic"
	"time"
)

// closeLimit bounds Close.
const closeLimit = 5 * time.Second

// Site is a running site. Its methods may be called from many goroutines.
type Site struct {
	opts     Options
	stock    *stock
	export   []byte
	faults   *randomFaults
	counter  *counter
	sessions *sessions
	tokens   tokens
	locks    locks
	// They count the calls of OnModal and OnReport.
	modalsShown, reportsMade atomic.Int64

	listener net.Listener
	server   *http.Server
	stop     context.CancelFunc // ends every request under way
	requests *requestTracker
	serving  sync.WaitGroup // the server, until it has stopped accepting

	closing  sync.Once
	closeErr error
}

// Start starts a site that runs until Close, or until ctx is done. It fails
// when o is not valid, saying all that is wrong with it, or when its address
// cannot be listened on.
func Start(ctx context.Context, o Options) (*Site, error) {
	if err := o.check(); err != nil {
		return nil, fmt.Errorf("checking practice site options: %w", err)
	}
	o = o.withDefaults()
	s := &Site{
		opts: o, stock: newStock(o), faults: newRandomFaults(o.Seed, o.Faults),
		counter: newCounter(), sessions: newSessions(o), requests: newRequestTracker(),
	}
	var err error
	if s.export, err = exportCSV(s.stock.exported(o)); err != nil {
		return nil, fmt.Errorf("writing practice site export: %w", err)
	}
	var lc net.ListenConfig
	if s.listener, err = lc.Listen(ctx, "tcp", o.Addr); err != nil {
		return nil, fmt.Errorf("starting practice site: %w", err)
	}
	// The requests' contexts end with stop, so a handler that waits watches its
	// request and the site at once.
	base, stop := context.WithCancel(ctx)
	s.stop = stop
	s.server = s.newServer(base)
	s.serving.Go(s.serve)
	// Close ends base as well, so this never waits longer than the site lives.
	context.AfterFunc(base, func() { _ = s.Close() })
	return s, nil
}

func (s *Site) newServer(base context.Context) *http.Server {
	return &http.Server{
		Handler:     s.counted(http.MaxBytesHandler(s.reskinned(s.routes()), 64<<10)),
		BaseContext: func(net.Listener) context.Context { return base },
		// No WriteTimeout: how long an answer takes is the options' business.
		ReadHeaderTimeout: 10 * time.Second,
		ReadTimeout:       30 * time.Second,
		IdleTimeout:       2 * time.Minute,
		MaxHeaderBytes:    64 << 10,
		// Clients that leave early are what the site is for, not news.
		ErrorLog: log.New(io.Discard, "", 0),
	}
}

func (s *Site) serve() {
	// It always ends with an error, and with this one when Close ended it; a
	// listener that breaks on its own leaves clients without a connection,
	// which they report better than a log could.
	_ = s.server.Serve(s.listener)
}

// URL is where the site is, such as "http://127.0.0.1:40213".
func (s *Site) URL() string { return "http://" + s.listener.Addr().String() }

// Close ends the requests under way and the site. It takes 5 s at most, and
// fails when a request has not ended by then. Later calls give the first
// call's answer.
func (s *Site) Close() error {
	s.closing.Do(func() { s.closeErr = s.close() })
	return s.closeErr
}

func (s *Site) close() error {
	limit := time.NewTimer(closeLimit)
	defer limit.Stop()
	drained := s.requests.close()
	s.stop()
	var stuck error
	select {
	case <-drained:
	case <-limit.C:
		stuck = errors.New("closing practice site: requests are still under way")
	}
	// Not Shutdown: it waits seconds for connections that a browser opened
	// ahead and never used.
	err := s.server.Close()
	if err != nil {
		err = fmt.Errorf("closing practice site: %w", err)
	}
	s.serving.Wait()
	return errors.Join(stuck, err)
}

// Vehicles are all vehicles in stock, in the order of the grid.
func (s *Site) Vehicles() []Vehicle { return slices.Clone(s.stock.vehicles) }

// MissingReferences are the references that only the export knows.
func (s *Site) MissingReferences() []string {
	refs := make([]string, 0, len(s.stock.missing))
	for _, v := range s.stock.missing {
		refs = append(refs, v.Reference)
	}
	return refs
}

// Counts are what the site has seen until now.
func (s *Site) Counts() Counts {
	c := s.counter.snapshot()
	s.sessions.fill(&c)
	return c
}

// ResetCounts starts the counts again from nothing. What is under way stays
// counted in the gauges, and the faults go on as if nothing had been reset.
func (s *Site) ResetCounts() {
	s.counter.reset()
	s.sessions.resetCounts()
}
