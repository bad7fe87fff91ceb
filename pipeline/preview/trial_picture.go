package preview

import (
	"context"
	"strings"
	"time"
)

// pictureLimit bounds one picture.
const pictureLimit = 10 * time.Second

// picture keeps the page as the step has left it, if it can be had: that is no
// reason for an item to fail.
func (t *Trial) picture(ctx context.Context, r *StepReport) {
	if t.Picture == nil || t.page == nil {
		return
	}
	ctx, cancel := context.WithTimeout(ctx, pictureLimit)
	defer cancel()
	png, err := t.on.TakeScreenshot(ctx, false)
	if err == nil {
		r.Picture, err = t.Picture(r.Step, png)
	}
	if err != nil {
		r.Note = strings.TrimPrefix(r.Note+"; no picture: "+t.reporter.Redact(err.Error()), "; ")
	}
}
