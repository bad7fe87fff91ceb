package steps

import (
	"context"
	"pipe/specs"

	"github.com/playwright-community/playwright-go"
)

// Dismiss says how the JavaScript dialogs of this page are answered from now
// on. Without it they are dismissed.
type Dismiss struct {
	Accept bool           `yaml:"accept" short:"true" doc:"true presses OK, false presses Cancel"`
	Text   specs.Template `yaml:"text" doc:"what is typed into a prompt, with accept"`
}

// Run arranges for the answer; it waits for no dialog.
func (d *Dismiss) Run(_ context.Context, on *Scene) error {
	text, err := d.Text.Text(on.Values)
	if err != nil {
		return err
	}
	answer := func(dialog playwright.Dialog) {
		// In a goroutine: the driver's events wait for this handler. The dialog
		// may be answered or gone already, which is as good.
		go func() {
			if !d.Accept {
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
	on.Page.OnDialog(answer)
	on.ends = append(on.ends, func() { on.Page.RemoveListener("dialog", answer) })
	return nil
}
