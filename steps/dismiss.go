package steps

import (
	"context"

	"github.com/playwright-community/playwright-go"

	"pipe/specs/expr"
)

func init() {
	register[Dismiss](160, "dismiss", "answers the JavaScript dialogs that the next steps bring up",
		`dismiss: {accept: true}`)
}

// Dismiss says how the JavaScript dialogs of this page are answered from now
// on. Without it they are dismissed.
type Dismiss struct {
	Accept bool          `yaml:"accept" short:"true" doc:"true presses OK, false presses Cancel"`
	Text   expr.Template `yaml:"text" doc:"what is typed into a prompt, with accept"`
}

// Run arranges for the answer; it waits for no dialog.
func (d *Dismiss) Run(_ context.Context, on *StepContext) error {
	text, err := d.Text.Text(on.Values)
	if err != nil {
		return err
	}
	if on.stopDialogs != nil {
		on.stopDialogs()
	}
	on.stopDialogs, err = on.answerDialogs(d.Accept, text)
	return err
}

// answerDialogs has the page's dialogs answered until the function that it gives is
// called.
func (s *StepContext) answerDialogs(accept bool, text string) (func(), error) {
	answer := func(dialog playwright.Dialog) {
		// In a goroutine: the driver's events wait for this handler. The dialog
		// may be answered or gone already, which is as good.
		go func() {
			if !accept {
				_ = dialog.Dismiss()
				return
			}
			if text == "" {
				_ = dialog.Accept()
				return
			}
			_ = dialog.Accept(text)
		}()
	}
	page := s.Page
	err := RecoverPanics(func() { page.OnDialog(answer) })
	// With the driver the listener is gone too.
	return func() { _ = RecoverPanics(func() { page.RemoveListener("dialog", answer) }) }, err
}
