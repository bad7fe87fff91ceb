package steps

import (
	"context"
	"errors"
	"io"
	"testing"
	"testing/synctest"
	"time"

	"pipe/specs"
)

type actionFunc func(ctx context.Context, on *StepContext) error

func (f actionFunc) Run(ctx context.Context, on *StepContext) error { return f(ctx, on) }

// groupAction is an action with steps inside of it.
type groupAction []specs.Step

func (g groupAction) Run(ctx context.Context, on *StepContext) error { return on.Run(ctx, g) }

func (groupAction) unlimited() {}

// fileOnItsWay is made by the site as it is received: by what the session holds then.
type fileOnItsWay struct{ of func() string }

func (f fileOnItsWay) Receive(_ context.Context, w io.Writer) (Receipt, error) {
	_, err := io.WriteString(w, f.of())
	return Receipt{}, err
}

func (fileOnItsWay) Discard() {}

// vehicleDesk keeps the vehicle that was looked for last, once for all pages.
type vehicleDesk struct{ current string }

// steps look for a vehicle, turn to another thing and take its file.
func (d *vehicleDesk) steps(vehicle string, name string) []specs.Step {
	pause := func(ctx context.Context, _ *StepContext) error { return Pause(ctx, time.Second) }
	return []specs.Step{
		{Exclusive: name, Do: actionFunc(func(context.Context, *StepContext) error { d.current = vehicle; return nil })},
		{Exclusive: name, Do: groupAction{{Do: actionFunc(pause)}, {Do: actionFunc(pause)}}},
		{Exclusive: name, Do: actionFunc(func(_ context.Context, on *StepContext) error {
			file := fileOnItsWay{func() string { return d.current }}
			on.Captures = append(on.Captures, CapturedFile{Delivery: on.holding(file)})
			return nil
		})},
		{Do: actionFunc(pause)},
	}
}

type textWriter struct{ text string }

func (w *textWriter) Write(p []byte) (int, error) { w.text += string(p); return len(p), nil }

// Pages that share what the site remembers get each other's files, and by exclusive
// steps each its own: the name is held from the first of them until the file has come.
func TestExclusive(t *testing.T) {
	t.Parallel()
	for name, wrong := range map[string]bool{"": true, "vehicle": false} {
		synctest.Test(t, func(t *testing.T) {
			desk, all := &vehicleDesk{}, &Exclusives{}
			got := make(chan bool)
			vehicles := []string{"V1", "V2", "V3", "V4"}
			for i, vehicle := range vehicles {
				go func() {
					_ = Pause(t.Context(), time.Duration(i)*100*time.Millisecond)
					on := &StepContext{Exclusives: all, StepTimeout: time.Hour}
					if err := on.Run(t.Context(), desk.steps(vehicle, name)); err != nil {
						t.Error(err)
					}
					on.StopDialogs()
					_ = Pause(t.Context(), time.Second)
					w := &textWriter{}
					_, _ = on.Captures[0].Delivery.Receive(t.Context(), w)
					on.Captures[0].Delivery.Discard()
					got <- w.text == vehicle
				}()
			}
			mixed := 0
			for range vehicles {
				if !<-got {
					mixed++
				}
			}
			if (mixed > 0) != wrong {
				t.Errorf("exclusive %q: %d of %d files are another's", name, mixed, len(vehicles))
			}
		})
	}
}

// A page that fails lets go, and one that hangs is waited for no longer than the
// item's limit, which says so.
func TestExclusiveEnds(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		all, bad := &Exclusives{}, errors.New("bad")
		step := func(f func(context.Context) error) []specs.Step {
			return []specs.Step{{Exclusive: "x", Do: actionFunc(func(ctx context.Context, _ *StepContext) error { return f(ctx) })}}
		}
		first := &StepContext{Exclusives: all}
		if err := first.Run(t.Context(), step(func(context.Context) error { return bad })); !errors.Is(err, bad) {
			t.Fatal(err)
		}
		second := &StepContext{Exclusives: all}
		ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
		defer cancel()
		err := second.Run(ctx, step(func(context.Context) error { return nil }))
		if err == nil || !errors.Is(err, ErrTimeout) || err.Error() == "" {
			t.Errorf("while the first holds the name: %v", err)
		}
		first.StopDialogs()
		if err := second.Run(t.Context(), step(func(context.Context) error { return nil })); err != nil {
			t.Error(err)
		}
		second.StopDialogs()
		second.StopDialogs()
		other := &StepContext{Exclusives: all}
		if err := other.Run(t.Context(), step(func(context.Context) error { return nil })); err != nil {
			t.Error(err)
		}
		other.StopDialogs()
	})
}
