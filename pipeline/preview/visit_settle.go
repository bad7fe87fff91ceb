package preview

import (
	"context"
	"time"

	"pipe/steps"
)

// settleLimit is how long a page is given to show what the step behind the place acts on, and
// then to load what it shows, as far as its requests tell.
const settleLimit = 5 * time.Second

// settle waits until the page shows what it comes to. One that never does is looked at as it is.
func (v *Visit) settle(ctx context.Context, on *steps.StepContext) {
	if v.next != nil {
		waiting, cancel := context.WithTimeout(ctx, settleLimit)
		defer cancel()
		_ = on.AwaitFor(waiting, v.next)
	}
	settling, cancel := context.WithTimeout(ctx, settleLimit)
	defer cancel()
	_ = steps.WaitForState(settling, on.Page, "networkidle")
}
