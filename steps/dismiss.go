package steps

import (
	"context"
	"time"

	"github.com/playwright-community/playwright-go"
	"github.com/sourcegraph/conc"

	"pipe/specs/expr"
)

func init() {
	register[Dismiss](160, "dismiss", "answers the JavaScript dialogs that the next steps bring up",
		`dismiss: {accept: true}`)
}

// Dismiss says how the JavaScript dialogs of this page are answered from now
// on. Without it they are dismissed. A page that asks whether it may be left always may.
type Dismiss struct {
	Accept bool          `yaml:"accept" short:"true" doc:"true presses OK, false presses Cancel"`
	Text   expr.Template `yaml:"text" doc:"what is typed into a prompt, with accept"`
}

// Run arranges for the answer; it waits for no dialog.
func (d *Dismiss) Run(ctx context.Context, on *StepContext) error {
	text, err := d.Text.Text(on.Values)
	if err != nil {
		return err
	}
	if on.stopDialogs != nil {
		on.stopDialogs()
	}
	on.stopDialogs, err = on.answerDialogs(ctx, d.Accept, text)
	return err
}

// answerLimit bounds one answer, for a driver that does not take it.
const answerLimit = 5 * time.Second

// answerDialogs has the page's dialogs answered until the function that it gives is
// called, which waits for the answers under way. They outlive ctx: dialogs come
// during later steps.
func (s *StepContext) answerDialogs(ctx context.Context, accept bool, text string) (func(), error) {
	ctx = context.WithoutCancel(ctx)
	var answers conc.WaitGroup
	listener := func(dialog playwright.Dialog) {
		leaving := dialog.Type() == "beforeunload"
		if !leaving {
			s.dialogs.add(dialog.Message())
		}
		// In a goroutine: the page's listeners are locked while this one runs, and
		// the driver's reply may wait for that lock.
		answers.Go(func() {
			// It may be answered or gone already, which is as good.
			_ = DoWithin(ctx, answerLimit, "answering a dialog", func() error { return answerDialog(dialog, accept || leaving, text) })
		})
	}
	page := s.Page
	err := RecoverPanics(func() { page.OnDialog(listener) })
	return func() {
		// With the driver the listener is gone too.
		_ = RecoverPanics(func() { page.RemoveListener("dialog", listener) })
		answers.Wait()
	}, err
}

func answerDialog(dialog playwright.Dialog, accept bool, text string) error {
	switch {
	case !accept:
		return dialog.Dismiss()
	case text == "":
		return dialog.Accept()
	default:
		return dialog.Accept(text)
	}
}
