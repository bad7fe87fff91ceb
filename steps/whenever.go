package steps

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/playwright-community/playwright-go"

	"pipe/specs"
)

// WheneverError is something that may show at any moment, and that its steps do not
// make go away.
type WheneverError struct {
	// At is its path, as whenever[0].
	At  string
	Err error
}

func (e *WheneverError) Error() string { return e.At + ": " + e.Err.Error() }

// Unwrap gives the cause.
func (e *WheneverError) Unwrap() error { return e.Err }

const (
	// attendEvery is how often it is looked whether something shows.
	attendEvery = 250 * time.Millisecond
	// goneWithin is how long what shows may take to go once its steps are done.
	goneWithin = 3 * time.Second
	// meetingsMost is how often in a row its steps are done for what stays, or comes
	// back within comesBack each time.
	meetingsMost = 3
	comesBack    = 2 * time.Second
	// returnsMost bounds the times that it may come back so.
	returnsMost = 20
)

// Attend does for a page what the spec has for what may show on it at any moment, until
// ctx ends, as it must where the page is gone. met is told each time that something has
// been dealt with. It is run beside the steps, with a StepContext of its own for the same
// page.
func (s *StepContext) Attend(ctx context.Context, list []specs.Whenever, met func(i int)) error {
	all := make([]attended, len(list))
	for {
		for i := range list {
			was, err := s.attend(ctx, &list[i], &all[i])
			switch {
			case ctx.Err() != nil:
				return nil //nolint:nilerr // there is nothing to attend any more
			case errors.Is(err, ErrClosed): // a document that has made way for another
			case err != nil:
				return &WheneverError{fmt.Sprintf("whenever[%d]", i), err}
			case was:
				met(i)
			}
		}
		if Pause(ctx, attendEvery) != nil {
			return nil //nolint:nilerr // as above
		}
	}
}

// attended is what is known of something that may show: when it was last dealt with, and
// how often it has come back at once.
type attended struct {
	gone    time.Time
	returns int
}

// attend deals with something if it shows now, and tells whether it did.
func (s *StepContext) attend(ctx context.Context, w *specs.Whenever, known *attended) (bool, error) {
	loc, err := s.locate(w.Visible)
	if err != nil {
		return false, err
	}
	// The page may be on its way to another.
	if there, _ := s.shows(ctx, w, loc); !there {
		return false, nil
	}
	if time.Since(known.gone) > comesBack {
		known.returns = 0
	}
	if known.returns++; known.returns > returnsMost {
		return false, fmt.Errorf("%s comes back at once, %d times in a row", w.Visible.With(s.Values), returnsMost)
	}
	err = s.meet(ctx, w, loc)
	known.gone = time.Now()
	return err == nil, err
}

// shows tells whether something is to be seen now.
func (s *StepContext) shows(ctx context.Context, w *specs.Whenever, loc playwright.Locator) (bool, error) {
	loc = loc.First()
	return CallWithin(ctx, lookLimit, "looking for "+w.Visible.With(s.Values), func() (bool, error) { return loc.IsVisible() })
}

// meet does the steps for what shows, until it is gone.
func (s *StepContext) meet(ctx context.Context, w *specs.Whenever, loc playwright.Locator) error {
	var err error
	for range meetingsMost {
		err = s.meetOnce(ctx, w)
		if err == nil || ctx.Err() != nil || errors.Is(err, ErrClosed) {
			return err
		}
		// It may have gone while its steps looked for their targets.
		if there, look := s.shows(ctx, w, loc); look == nil && !there {
			return nil
		}
	}
	return fmt.Errorf("%s is still to be seen after its steps were tried %d times: %w", w.Visible.With(s.Values), meetingsMost, err)
}

func (s *StepContext) meetOnce(ctx context.Context, w *specs.Whenever) error {
	limited, cancel := context.WithTimeout(ctx, w.Timeout.Std())
	defer cancel()
	if err := s.Run(limited, w.Do); err != nil {
		return fmt.Errorf("%s: %w", whereOf(err), err)
	}
	limited, cancel = context.WithTimeout(ctx, goneWithin)
	defer cancel()
	return s.awaitHidden(limited, w.Visible)
}

// whereOf names the place of the step that failed.
func whereOf(err error) string {
	var at *Error
	if errors.As(err, &at) {
		return at.Where()
	}
	return "its steps"
}
