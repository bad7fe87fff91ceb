package capture

import (
	"context"
	"errors"
	"testing"
	"time"

	"pipe/pipeline/session"
	"pipe/steps"
)

// What kept an answer from being the file ends the wait, whenever the browser tells
// that the trigger had asked for it: before it was looked at, meanwhile, or later.
// Where it does not tell, the page may have asked on its own.
func TestFaultOfAnswerBeforeRequest(t *testing.T) {
	t.Parallel()
	pool := launch(t, "shell", session.Options{})
	pg := open(limited(t), t, pool, 0)
	broken := errors.New("it broke off")
	for _, told := range []string{"before", "meanwhile", "later", "never"} {
		ctx, cancel := context.WithTimeout(limited(t), 10*time.Second)
		if told == "never" {
			ctx, cancel = context.WithTimeout(limited(t), 2*quietFor)
		}
		catch, err := pg.Files().Listen(ctx, pg.Playwright(), steps.CaptureOptions{Kind: "csv", Name: "a.csv"})
		if err != nil {
			t.Fatal(err)
		}
		c, _ := catch.(*captureListener)
		begun, goOn := make(chan struct{}), make(chan struct{})
		of := &candidate{what: "an answer", background: true, take: func(context.Context) (*spooledFile, error) {
			close(begun)
			<-goOn
			return nil, broken
		}}
		if told == "before" {
			c.noteAsked(of, true)
		}
		c.look(of)
		<-begun
		if told == "meanwhile" {
			c.noteAsked(of, true)
		}
		if busy := c.busy(); busy == of.background {
			t.Errorf("%s: it is busy: %t", told, busy)
		}
		close(goOn)
		if told == "later" {
			for looked := true; looked; {
				c.mu.Lock()
				looked = of.looked
				c.mu.Unlock()
			}
			c.noteAsked(of, true)
		}
		_, err = c.Wait(ctx)
		if known := told != "never"; errors.Is(err, broken) != known || errors.Is(err, steps.ErrTimeout) == known || c.busy() {
			t.Errorf("%s: %v; still busy: %t", told, err, c.busy())
		}
		c.Close()
		cancel()
	}
}
