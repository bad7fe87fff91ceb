package app

import (
	"context"
	"errors"
	"fmt"
	"os/exec"
	"time"

	"github.com/sourcegraph/conc"

	"pipe/pipeline/schedule"
)

// childLimit bounds the end of a run that is stopped now: its own limits are shorter.
const childLimit = 5 * time.Minute

// runChild runs a job as a process of its own, so that what one run takes, or breaks,
// is nobody else's, and gives its exit code. When stop closes it is interrupted, to
// finish what it has in hand, and when the context ends once more, to stop now.
func runChild(ctx context.Context, stop <-chan struct{}, job schedule.Job, out *sharedWriter) (int, error) {
	cmd := exec.CommandContext(context.WithoutCancel(ctx), job.Command[0], job.Command[1:]...) //nolint:gosec // it is this very program
	text := &lines{name: job.Name, out: out}
	cmd.Dir, cmd.Stdout, cmd.Stderr, cmd.WaitDelay = job.Dir, text, text, childLimit
	apart(cmd)
	if err := cmd.Start(); err != nil {
		return 0, fmt.Errorf("starting the run: %w", err)
	}
	ended := make(chan error, 1)
	var waiting conc.WaitGroup
	waiting.Go(func() { ended <- cmd.Wait() })
	defer waiting.Wait()
	var kill <-chan time.Time
	now := ctx.Done()
	for {
		select {
		case err := <-ended:
			var exit *exec.ExitError
			if err != nil && !errors.As(err, &exit) {
				return 0, fmt.Errorf("running %s: %w", job.Name, err)
			}
			return cmd.ProcessState.ExitCode(), nil
		case <-stop:
			stop = nil
			askToEnd(cmd)
		case <-now:
			now, kill = nil, time.After(childLimit)
			askToEnd(cmd)
		case <-kill:
			_ = cmd.Process.Kill()
		}
	}
}
