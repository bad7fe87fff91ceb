package steps

import (
	"context"
	"strings"
	"time"

	"github.com/playwright-community/playwright-go"

	"pipe/specs"
	"pipe/specs/expr"
)

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
	_, typed := s.step.Do.(*Type)
	f := &filledField{target: t, name: t.With(s.Values), want: texts[0], holds: texts[1], typed: typed, secret: s.holdsSecret(texts[0])}
	field, err := s.firstAlternative(t)
	if err != nil {
		return err
	}
	s.noteSecretField(field, f.want)
	byHand := false
	f.loc = field
	err = s.actOn(ctx, what, t, func(l playwright.Locator) error {
		byHand = true
		if now, err := s.readField(ctx, what, l); err == nil && now != nil {
			f.initial = now.text
			if typed {
				f.before = now.text
			}
		}
		return put(ctx, l, f.want)
	})
	if !byHand {
		f.initial = s.replaced
	}
	// Keys such as Enter and Tab do more than to write.
	if err != nil || typed && strings.ContainsAny(f.want, "\n\t") {
		return err
	}
	f.put = func(ctx context.Context, slowly bool) error {
		return callAction(ctx, s, what+" "+f.name+" again", func() error {
			if !typed && !slowly {
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
