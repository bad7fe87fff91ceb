package steps

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"time"
	"unicode/utf16"

	"github.com/playwright-community/playwright-go"

	"pipe/specs"
	"pipe/specs/expr"
)

// filledField is a form field that a step has put a text into.
type filledField struct {
	target specs.Target
	loc    playwright.Locator
	// want is what was put into it, initial what it held until then, before the same
	// where that stays. holds is the pattern of what it is to hold, where the spec says it.
	want, initial, before, holds string
	secret                       bool
	// typed is true for what was typed: the keys may have moved on to the next field.
	typed bool
	// document is the one that the field is in.
	document any
	// put puts the text into it; slowly, key by key.
	put func(ctx context.Context, slowly bool) error
}

// FieldError is a form field that does not hold what was put into it.
type FieldError struct {
	Target string
	// Most is how many characters the field takes, 0 where it is not that.
	Most   int
	reason string
}

func (e *FieldError) Error() string { return e.Target + " " + e.reason }

// fieldJS is what a form field holds, null for an element that is none.
const fieldJS = `el => {
	if (!el.matches('input, textarea, select') && !el.isContentEditable) el = el.closest('label')?.control || el;
	const own = el.isContentEditable ? el.innerText : el.matches('input, textarea') && el.type !== 'file' ? el.value : null;
	if (own === null) return null;
	const at = el.getRootNode().activeElement;
	return {
		text: own, password: el.type === 'password', most: el.maxLength >= 0 ? el.maxLength : -1, document: performance.timeOrigin,
		left: !!at && at !== el && (at.matches('input, textarea') || at.isContentEditable),
	};
}`

// fieldState is what fieldJS gives.
type fieldState struct {
	text           string
	password, left bool
	most           int
	document       any
}

// readField reads a form field; nil when the element is none, or is no longer there.
func (s *StepContext) readField(ctx context.Context, what string, loc playwright.Locator) (*fieldState, error) {
	limited, cancel := context.WithTimeout(ctx, time.Second)
	defer cancel()
	got, err := Call(limited, what, func() (any, error) {
		return loc.Evaluate(fieldJS, nil, playwright.LocatorEvaluateOptions{Timeout: timeoutMillis(limited)})
	})
	switch {
	case err == nil:
	case ctx.Err() == nil && (errors.Is(err, ErrTimeout) || IsNavigating(err)):
		return nil, nil
	default:
		return nil, err
	}
	if got == nil {
		return nil, nil
	}
	f := &fieldState{most: -1, document: member(got, "document")}
	f.text, _ = member(got, "text").(string)
	f.password, _ = member(got, "password").(bool)
	f.left, _ = member(got, "left").(bool)
	if n, ok := member(got, "most").(int); ok {
		f.most = n
	}
	return f, nil
}

// is tells whether the field holds what it should.
func (f *filledField) is(now *fieldState) bool {
	switch {
	case f.holds != "":
		return fitsPattern(f.holds, now.text)
	case f.typed && now.left:
		return true
	case now.password:
		return now.text == f.want || f.before != "" && (now.text == f.before+f.want || now.text == f.want+f.before)
	default:
		// The browser says where the keys go in a text that is there.
		return sameText(f.want, now.text) || f.before != "" && (sameText(f.before+f.want, now.text) || sameText(f.want+f.before, now.text))
	}
}

// settleEvery and settleTries are how often, and how many times, a field is looked at
// that does not hold yet what it should: its scripts may still be at work.
const (
	settleEvery = 100 * time.Millisecond
	settleTries = 5
)

// settled reads a field until it holds what it should; nil when there is none to read.
func (s *StepContext) settled(ctx context.Context, f *filledField) (now *fieldState, holds bool, err error) {
	what := "reading " + f.target.String()
	for try := 0; ; try++ {
		if now, err = s.readField(ctx, what, f.loc); err != nil || now == nil {
			return nil, true, err
		}
		f.secret = f.secret || now.password
		if holds = f.is(now); holds || try == settleTries {
			return now, holds, nil
		}
		if err := Pause(ctx, settleEvery); err != nil {
			return now, false, ContextError(ctx, what)
		}
	}
}

// readBack makes sure that a field holds what was put into it: it puts it in again,
// and types it key by key, before it fails.
func (s *StepContext) readBack(ctx context.Context, f *filledField) error {
	now, holds, err := s.settled(ctx, f)
	for _, slowly := range []bool{false, true} {
		if err != nil || holds || f.tooLong(now) || f.before != "" {
			break
		}
		if err = f.put(ctx, slowly); err != nil {
			break
		}
		s.SetNote("put in again: the field did not hold it")
		now, holds, err = s.settled(ctx, f)
	}
	switch {
	case err != nil:
		return err
	case !holds:
		return f.fault(now)
	case now != nil:
		f.document = now.document
		s.filled = append(s.filled, f)
	}
	return nil
}

func (f *filledField) tooLong(now *fieldState) bool {
	return now != nil && now.most >= 0 && len(utf16.Encode([]rune(f.want))) > now.most
}

// fault says what the field holds; of a secret, how much of it.
func (f *filledField) fault(now *fieldState) error {
	e := &FieldError{Target: f.target.String()}
	want, got := fmt.Sprintf("%.80q", f.before+f.want), fmt.Sprintf("%.80q", now.text)
	if f.holds != "" {
		want = fmt.Sprintf("what fits %.80q", f.holds)
	}
	if f.secret {
		want, got = "what was put into it", fmt.Sprintf("another text, of %d characters", len([]rune(now.text)))
	}
	e.reason = fmt.Sprintf("holds %s, not %s: the page changes what is put into it; where that is right, say by holds what the field is to hold", got, want)
	if f.tooLong(now) {
		e.Most = now.most
		e.reason = fmt.Sprintf("takes %d characters at most, and holds %s, not %s", now.most, got, want)
	}
	return e
}

// recheckFields makes sure that the fields that were filled still hold what was put into
// them when something is done about them: a page that comes to life late may have
// emptied them since.
func (s *StepContext) recheckFields(ctx context.Context) error {
	filled := s.filled
	s.filled = nil
	for _, f := range filled {
		now, err := s.readField(ctx, "reading "+f.target.String(), f.loc)
		if err != nil {
			return err
		}
		if now == nil || now.document != f.document || f.is(now) {
			continue
		}
		if now.text != "" && now.text != f.initial {
			return f.fault(now)
		}
		if err := f.put(ctx, false); err != nil {
			return err
		}
		if err := s.readBack(ctx, f); err != nil {
			return err
		}
	}
	s.filled = nil
	return nil
}

// slowKeys is between two keys of a text that is typed because the field did not take
// it at once.
const slowKeys = 50 * time.Millisecond

// putText puts a text into a form field by put, and makes sure that the field holds it.
func (s *StepContext) putText(
	ctx context.Context, what string, t specs.Target, value, holds expr.Template, put func(context.Context, playwright.Locator, string) error,
) error {
	texts, err := s.texts(value, holds)
	if err != nil {
		return err
	}
	f := &filledField{target: t, want: texts[0], holds: texts[1], secret: s.holdsSecret(texts[0])}
	_, f.typed = s.step.Do.(*Type)
	err = s.actOn(ctx, what, t, func(l playwright.Locator) error {
		f.loc = l
		s.noteSecretField(l, f.want)
		if now, err := s.readField(ctx, what, l); err == nil && now != nil {
			f.initial = now.text
			if f.typed {
				f.before = now.text
			}
		}
		return put(ctx, l, f.want)
	})
	// Keys such as Enter and Tab do more than to write.
	if err != nil || f.typed && strings.ContainsAny(f.want, "\n\t") {
		return err
	}
	f.put = func(ctx context.Context, slowly bool) error {
		return callAction(ctx, s, what+" "+t.String()+" again", func() error {
			if !f.typed && !slowly {
				return put(ctx, f.loc, f.want)
			}
			if err := f.loc.Fill("", playwright.LocatorFillOptions{Timeout: timeoutMillis(ctx)}); err != nil {
				return err
			}
			return typeKeys(ctx, f.loc, f.want, slowKeys)
		})
	}
	return s.readBack(ctx, f)
}
