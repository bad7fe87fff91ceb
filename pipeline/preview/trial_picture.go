package preview

import (
	"context"
	"strings"
	"time"

	"pipe/steps"
)

// pictureLimit bounds one picture.
const pictureLimit = 10 * time.Second

// picture keeps the page as the step has left it, if it can be had: that is no
// reason for an item to fail.
func (t *Trial) picture(ctx context.Context, r *StepReport) {
	if t.Picture == nil || t.page == nil {
		return
	}
	keepPicture(ctx, t.on, r, t.Picture, t.reporter.Redact)
}

// keepPicture keeps the page as a step has left it, and notes that in its report.
func keepPicture(ctx context.Context, on *steps.StepContext, r *StepReport, keep func(step string, png []byte) (string, error), redact func(string) string) {
	ctx, cancel := context.WithTimeout(ctx, pictureLimit)
	defer cancel()
	png, err := on.TakeScreenshot(ctx, false)
	if err == nil {
		r.Picture, err = keep(r.Step, png)
	}
	if err != nil {
		r.Note = strings.TrimPrefix(r.Note+"; no picture: "+redact(err.Error()), "; ")
	}
}
