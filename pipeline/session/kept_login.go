package session

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"

	"github.com/playwright-community/playwright-go"

	"pipe/pipeline/atomicfile"
	"pipe/steps"
)

// loginState is a login as it is kept: Playwright's storage state in its own
// format, which is cookies and local storage, and what that leaves out. Whoever has
// the file is logged in, so it is its owner's alone.
type loginState struct {
	playwright.StorageState

	SessionStorage tabStorage `json:"sessionStorage,omitempty"`
	Databases      databases  `json:"databases,omitempty"`
}

// readState reads a kept login, nil when there is none.
func readState(path string) (*loginState, error) {
	text, err := os.ReadFile(path) //nolint:gosec // the output folder's own
	if errors.Is(err, os.ErrNotExist) {
		return nil, nil
	}
	if err != nil {
		return nil, fmt.Errorf("reading a kept login: %w", err)
	}
	var state loginState
	if err := json.Unmarshal(text, &state); err != nil {
		return nil, fmt.Errorf("reading a kept login: %s: %w", path, err)
	}
	return &state, nil
}

// writeState keeps a login.
func writeState(path string, state *loginState) error {
	dir := filepath.Dir(path)
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return fmt.Errorf("keeping a login: %w", err)
	}
	// The folder may be older than this rule.
	if err := os.Chmod(dir, 0o700); err != nil { //nolint:gosec // a folder needs the x
		return fmt.Errorf("keeping a login: %w", err)
	}
	err := atomicfile.WritePrivate(path, func(w io.Writer) error { return json.NewEncoder(w).Encode(state) })
	if err != nil {
		return fmt.Errorf("keeping a login: %w", err)
	}
	return nil
}

// readKeptLogin reads the login that another run has kept, once. It is of use where it
// can be tried alone.
func (p *Pool) readKeptLogin(ctx context.Context, s *session) {
	if p.opts.Resume == nil {
		s.state = nil
	}
	if s.read || s.path == "" || p.opts.Resume == nil {
		return
	}
	s.read = true
	state, err := readState(s.path)
	if err != nil {
		p.log.WarnContext(ctx, "a kept login is of no use, logging in", "session", s.name, "error", err)
	}
	s.state = state
}

// keep takes the login's state, for the session's next context and, where
// logins are kept, for the next run.
func (p *Pool) keep(ctx context.Context, s *session) {
	if p.opts.Login == nil || p.opts.Resume == nil && s.path == "" {
		return
	}
	of := s.home.Playwright
	state, err := steps.CallWithin(ctx, p.opts.Browser.CloseLimit, "reading the login's state", func() (*playwright.StorageState, error) { return of.StorageState() })
	if err == nil {
		p.gatherStorage(ctx, s)
		var known databases
		if s.state != nil {
			known = s.state.Databases
		}
		s.state = &loginState{StorageState: *state, SessionStorage: s.shared.clone(), Databases: p.readDatabases(ctx, s, known)}
		if s.path != "" && !p.opts.Frozen {
			err = writeState(s.path, s.state)
		}
	}
	if err != nil {
		p.log.WarnContext(ctx, "a login could not be kept", "session", s.name, "error", err)
	}
}

// keepAll keeps the logins for the next run.
func (p *Pool) keepAll(ctx context.Context) {
	p.each(func(s *session) {
		if s.path == "" || s.lock.Acquire(ctx, 1) != nil {
			return
		}
		defer s.lock.Release(1)
		if s.home != nil && s.valid() && s.home.Browser.Alive() {
			p.keep(ctx, s)
		}
	})
}
