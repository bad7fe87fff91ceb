package app

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"os"
	"path/filepath"
	"strings"
	"time"

	"github.com/sourcegraph/conc"

	"pipe/pipeline/report/console"
	"pipe/pipeline/report/web"
)

// ServeOptions are those of `pipe serve`.
type ServeOptions struct {
	SpecOptions
	// Addr is where it listens.
	Addr string
	// Out is the output folder of the one spec; "" is that of each.
	Out string
}

const (
	// DefaultHTTP is where pages are served: for this machine alone.
	DefaultHTTP = "127.0.0.1:8321"
	// tokenVariable names a token that stays the same; without it each start makes one.
	tokenVariable = "PIPE_HTTP_TOKEN" //nolint:gosec // its name
	// leastToken is how long such a token must be.
	leastToken = 16
)

// Serve shows specs and their runs in a browser until it is interrupted. The runs that
// it has started end first, as at their own first interrupt; a second one stops them.
func Serve(ctx context.Context, args []string, o ServeOptions, std Std) (err error) {
	paths, err := servedPaths(args)
	if err != nil {
		return Exit(ExitSpec, err)
	}
	if o.Out != "" && len(paths) > 1 {
		return Exit(ExitSpec, errors.New("--out is the output folder of one spec, and these are more"))
	}
	token, err := httpToken()
	if err != nil {
		return err
	}
	say := func(text string) { fmt.Fprintf(std.Err, "pipe: %s\n", text) }
	ctx, stop, done := interrupts(ctx, nil, say)
	defer done()
	s := newServing(ctx, paths, o)
	defer func() { err = errors.Join(err, s.close()) }()
	watch, err := watchLedgers(s.live)
	if err != nil {
		return Exit(ExitEnvironment, err)
	}
	var watching conc.WaitGroup
	watched, end := context.WithCancel(ctx)
	watching.Go(func() { _ = watch.run(watched) })
	defer watching.Wait()
	defer end()
	server, err := web.Listen(ctx, web.Options{Addr: o.Addr, Token: token, Specs: s.specs, Log: slog.New(slog.NewTextHandler(std.Err, nil))})
	if err != nil {
		return Exit(ExitEnvironment, err)
	}
	fmt.Fprintf(std.Out, "%s at %s\nCtrl-C ends it, once the items in hand of the runs that it has started are finished.\n", Count(len(s.specs), "spec"), server.URL())
	<-stop
	s.drain()
	return server.Close(context.WithoutCancel(ctx))
}

// httpToken is the token that the environment gives, "" for none.
func httpToken() (string, error) {
	token := os.Getenv(tokenVariable)
	if token != "" && len(token) < leastToken {
		return "", Exit(ExitSpec, fmt.Errorf("%s is too short: a token has %d characters at least", tokenVariable, leastToken))
	}
	return token, nil
}

// servedPaths are the specs that arguments name; without any those of the folder specs,
// or of this one.
func servedPaths(args []string) ([]string, error) {
	if len(args) == 0 {
		args = []string{"."}
		if info, err := os.Stat("specs"); err == nil && info.IsDir() {
			args = []string{"specs"}
		}
	}
	paths, err := SpecPaths(args)
	if err == nil && len(paths) == 0 {
		err = errNoSpecs
	}
	return paths, err
}

// serving are the specs that are served, and what they have at work.
type serving struct {
	specs   []*web.Spec
	live    map[string]*web.Live
	runs    []*childRuns
	closers []func() error
}

func newServing(ctx context.Context, paths []string, o ServeOptions) *serving {
	s := &serving{live: map[string]*web.Live{}}
	ids := map[string]bool{}
	for _, path := range paths {
		spec := s.spec(ctx, path, o)
		for n := 2; ids[spec.ID]; n++ {
			spec.ID = fmt.Sprintf("%s-%d", strings.TrimSuffix(spec.ID, fmt.Sprintf("-%d", n-1)), n)
		}
		ids[spec.ID] = true
		s.specs = append(s.specs, spec)
	}
	return s
}

// spec serves a spec; one that cannot be read is told with what is wrong with it.
func (s *serving) spec(ctx context.Context, path string, o ServeOptions) *web.Spec {
	name := strings.TrimSuffix(filepath.Base(path), filepath.Ext(path))
	served := &web.Spec{ID: name, Name: name, Path: path, Live: web.NewLive()}
	spec, secrets, err := o.LoadKept(path)
	if err == nil {
		served.ID, served.Name = spec.OutName(), spec.OutName()
		served.Folder, err = OutFolder(o.Out, spec)
	}
	if err != nil {
		served.Fault = console.CleanLines(RedactError(err, secrets).Error())
		return served
	}
	of := &servedFolder{spec: spec, secrets: secrets, dir: served.Folder, report: o.summaryOptions(spec, served.Folder)}
	runs := newChildRuns(ctx, path, o, served.Live, secrets.Redact)
	served.Kept, served.Runs = of, runs
	// Of two specs with one folder both are told.
	if first := s.live[served.Folder]; first != nil {
		served.Live = first
	}
	s.live[served.Folder] = served.Live
	runs.live = served.Live
	s.runs = append(s.runs, runs)
	s.closers = append(s.closers, of.close)
	return served
}

// drain ends the runs that are at work, and waits for that.
func (s *serving) drain() {
	for _, runs := range s.runs {
		runs.drain()
	}
	for _, runs := range s.runs {
		runs.owned.Wait()
	}
}

func (s *serving) close() error {
	s.drain()
	var errs []error
	for _, one := range s.closers {
		errs = append(errs, one())
	}
	return errors.Join(errs...)
}

// killAfter is how long a run that is to stop now may take.
const killAfter = 30 * time.Second
