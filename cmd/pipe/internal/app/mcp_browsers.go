package app

import (
	"context"
	"errors"
	"io"
	"time"

	"pipe/specs"
	"pipe/specs/secret"
)

const (
	// warmMost is how many browsers are kept at once, each with the logins of one spec.
	warmMost = 2
	// warmIdle is how long they are kept when nothing is asked of them.
	warmIdle = 10 * time.Minute
)

// warmBrowsers keeps browsers with their logins between calls, for one call at a time.
type warmBrowsers struct {
	// turn is held by the call that is at work.
	turn chan struct{}
	// used is told of each call that is over.
	used chan struct{}
	log  io.Writer
	// life is the server's context: a browser outlives the call that it was started for.
	life context.Context
	// open are those that are kept, the one used last at the end.
	open []*warmBrowser
	// started is how many there have been.
	started int
}

// warmBrowser is a browser with the logins of a spec.
type warmBrowser struct {
	// of names the spec, mark is what of it must stay as it is.
	of, mark string
	sandbox  *sandbox
}

func newWarmBrowsers(life context.Context, std Std, g *guard) *warmBrowsers {
	return &warmBrowsers{turn: make(chan struct{}, 1), used: make(chan struct{}, 1), log: guarded{std.Err, g}, life: life}
}

// guarded writes without what nobody is to be told.
type guarded struct {
	to    io.Writer
	guard *guard
}

func (w guarded) Write(p []byte) (int, error) {
	if _, err := io.WriteString(w.to, w.guard.redact(string(p))); err != nil {
		return 0, err
	}
	return len(p), nil
}

// warmPrint is what of a spec its browser and logins go by.
func warmPrint(s *specs.Spec) string {
	parts := []any{s.BaseURL, s.Vars, s.Login, s.Browser, s.Pool, s.Timeouts, s.Whenever, s.Account, s.Values["vars"], s.Values["secret"], s.Values["env"]}
	if s.Login != nil {
		parts = append(parts, s.Navigate.Home, s.Navigate.Until)
	}
	return specs.Fingerprint(parts)
}

// with lends the browser of a spec, as the spec is now, for one call; open is the spec as its
// pages are to be opened.
func (b *warmBrowsers) with(ctx context.Context, of string, open *specs.Spec, secrets *secret.Store, do func(*sandbox) error) error {
	select {
	case b.turn <- struct{}{}:
	case <-ctx.Done():
		return Exit(ExitInterrupted, errors.New("cancelled"))
	}
	defer func() {
		<-b.turn
		select {
		case b.used <- struct{}{}:
		default: // it knows already
		}
	}()
	s, err := b.take(ctx, of, open, secrets)
	if err != nil {
		return err
	}
	return do(s)
}

// take gives the browser that is kept for a spec, or a new one.
func (b *warmBrowsers) take(ctx context.Context, of string, open *specs.Spec, secrets *secret.Store) (*sandbox, error) {
	mark := warmPrint(open)
	for i, w := range b.open {
		if w.of != of {
			continue
		}
		b.open = append(b.open[:i], b.open[i+1:]...)
		if w.mark == mark {
			b.open = append(b.open, w)
			return w.sandbox, nil
		}
		if err := w.sandbox.close(ctx); err != nil {
			return nil, Exit(ExitEnvironment, err)
		}
		break
	}
	if len(b.open) == warmMost {
		oldest := b.open[0]
		b.open = b.open[1:]
		if err := oldest.sandbox.close(ctx); err != nil {
			return nil, Exit(ExitEnvironment, err)
		}
	}
	own, err := OutFolder("", open)
	if err != nil {
		return nil, err
	}
	s, err := openSandbox(b.life, open, secrets, "", own, b.log)
	if err != nil {
		return nil, err
	}
	b.started++
	b.open = append(b.open, &warmBrowser{of, mark, s})
	return s, nil
}

// closeIdle closes the browsers whenever nothing was asked of them for long, until ctx ends.
func (b *warmBrowsers) closeIdle(ctx context.Context) {
	timer := time.NewTimer(warmIdle)
	defer timer.Stop()
	for {
		select {
		case <-ctx.Done():
			return
		case <-b.used:
			timer.Reset(warmIdle)
		case <-timer.C:
			select {
			case b.turn <- struct{}{}:
				_ = b.closeAll(ctx) // they are asked for anew where they are wanted
				<-b.turn
			case <-ctx.Done():
				return
			}
		}
	}
}

func (b *warmBrowsers) closeAll(ctx context.Context) error {
	var err error
	for _, w := range b.open {
		err = errors.Join(err, w.sandbox.close(ctx))
	}
	b.open = nil
	return err
}

// close closes what is kept, once the call under way has ended.
func (b *warmBrowsers) close(ctx context.Context) error {
	b.turn <- struct{}{} // calls end with the server's context
	defer func() { <-b.turn }()
	return b.closeAll(context.WithoutCancel(ctx))
}
