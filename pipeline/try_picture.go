package pipeline

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
	err := within(ctx, pictureLimit, func(ctx context.Context) error {
		png, err := t.scene.Picture(ctx, false)
		if err == nil {
			r.Picture, err = t.Picture(r.Step, png)
		}
		return err
	})
	if err != nil {
		r.Note = strings.TrimPrefix(r.Note+"; no picture: "+t.redact(err.Error()), "; ")
	}
}
