package steps

import (
	"context"
	"fmt"
	"slices"
	"time"
	"unicode/utf16"

	"github.com/playwright-community/playwright-go"

	"pipe/specs"
)

// filledField is a form field that a step has put a text into, or chosen something of.
type filledField struct {
	target specs.Target
	// name is the target by its values, id the element, or the group of radio buttons.
	name, id string
	loc      playwright.Locator
	// want is what was put into it, initial what it held until then, before the same
	// where that stays. holds is the pattern of what it is to hold, where the spec says it.
	want, initial, before, holds string
	secret                       bool
	// typed is true for what was typed just now: the keys may have moved on to the next
	// field.
	typed bool
	// document is the one that the field is in, at when it held that.
	document any
	at       time.Time
	// fits, if set, tells whether it holds what was chosen: it is no text.
	fits func(now *fieldState) bool
	// files are the names of the files that were put into it.
	files []string
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

// is tells whether the field holds what it should.
func (f *filledField) is(now *fieldState) bool {
	switch {
	case f.holds != "":
		return fitsPattern(f.holds, now.text) || slices.ContainsFunc(now.chosen, func(o chosenOption) bool { return fitsPattern(f.holds, o.value) })
	case f.fits != nil:
		return f.fits(now)
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
	what := "reading " + f.name
	for try := 0; ; try++ {
		if now, err = s.readField(ctx, what, f.loc, f.files...); err != nil || now == nil {
			return nil, true, err
		}
		if f.document != nil && now.document != f.document {
			return nil, true, nil // what was chosen has led to another page
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
// and types it key by key, before it fails; but not where that is what is done once.
func (s *StepContext) readBack(ctx context.Context, f *filledField) error {
	now, holds, err := s.settled(ctx, f)
	ways := []bool{false, true}
	acts := s.once != nil && !s.once.trying && Writes(s.step)
	switch {
	case acts:
		ways = nil
	case f.fits != nil:
		ways = ways[:1]
	}
	for _, slowly := range ways {
		if err != nil || holds || f.tooLong(now) || f.before != "" || f.taken(now) {
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
	case !acts && now != nil && (!f.typed || !now.left) && (f.files == nil || now.text != ""):
		f.document, f.id, f.typed, f.at = now.document, now.id, false, time.Now()
		s.filled = append(slices.DeleteFunc(s.filled, func(g *filledField) bool { return g.id == f.id || g.name == f.name }), f)
	}
	return nil
}

// taken tells whether the page itself has emptied a field for files, as it does that
// sends them at once: it is not to have them twice.
func (f *filledField) taken(now *fieldState) bool {
	return f.files != nil && now.text == "" && now.id == f.id
}

func (f *filledField) tooLong(now *fieldState) bool {
	return now != nil && now.most >= 0 && len(utf16.Encode([]rune(f.want))) > now.most
}

// fault says what the field holds; of a secret, how much of it.
func (f *filledField) fault(now *fieldState) error {
	e := &FieldError{Target: f.name}
	want, got := fmt.Sprintf("%.80q", f.before+f.want), fmt.Sprintf("%.80q", now.text)
	if f.holds != "" {
		want = fmt.Sprintf("what fits %.80q", f.holds)
	}
	if f.secret {
		want, got = "what was put into it", fmt.Sprintf("another text, of %d characters", len([]rune(now.text)))
	}
	e.reason = fmt.Sprintf("holds %s, not %s: the page changes what is put into it", got, want)
	if now.text != ticked && now.text != unticked {
		e.reason += "; where that is right, say by holds what the field is to hold"
	}
	if f.taken(now) {
		e.reason = fmt.Sprintf("holds no file, and the page does not show %s: it has emptied the field; where that is right, say holds: \"*\"", want)
	}
	if f.tooLong(now) {
		e.Most = now.most
		e.reason = fmt.Sprintf("takes %d characters at most, and holds %s, not %s", now.most, got, want)
	}
	return e
}

// restOfField is how long a choice, and a field that was put in again, must have held
// before something is done about it: what a page makes of a choice comes a moment later.
// mendsMost is how often it is put in again.
const (
	restOfField = 100 * time.Millisecond
	mendsMost   = 3
)

// recheckFields makes sure that the fields that were filled still hold what was put into
// them when something is done about them: a page that comes to life late may have
// emptied them since.
func (s *StepContext) recheckFields(ctx context.Context) error {
	defer s.withoutActing()()
	for round := 0; len(s.filled) > 0; round++ {
		last := s.filled[len(s.filled)-1]
		if s.static() == nil && (round > 0 || last.fits != nil) && Pause(ctx, restOfField-time.Since(last.at)) != nil {
			return ContextError(ctx, "looking at what was filled in")
		}
		mended, err := s.mendFields(ctx, round < mendsMost)
		if err != nil || !mended {
			s.filled = nil
			return err
		}
	}
	return nil
}

// mendFields fills those again that no longer hold what was put into them, if it may, and
// tells whether there were any.
func (s *StepContext) mendFields(ctx context.Context, may bool) (mended bool, err error) {
	for _, f := range slices.Clone(s.filled) {
		now, err := s.readField(ctx, "reading "+f.name, f.loc, f.files...)
		if err != nil {
			return mended, err
		}
		if now == nil || now.document != f.document || f.is(now) {
			continue
		}
		if now.text != "" && now.text != f.initial || f.taken(now) || !may {
			return mended, f.fault(now)
		}
		mended = true
		if err := f.put(ctx, false); err != nil {
			return mended, err
		}
		if err := s.readBack(ctx, f); err != nil {
			return mended, err
		}
	}
	return mended, nil
}
