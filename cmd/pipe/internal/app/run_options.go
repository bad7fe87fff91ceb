package app

import (
	"fmt"

	"pipe/specs"
)

// RunOptions are what a run takes from its command line, over the spec's word.
type RunOptions struct {
	SpecOptions
	Limit, Contexts, Pages       int
	Headed, NoBlock, RetryFailed bool
	// Again names the items to do again.
	Again []string
	// KeepOnce leaves what was done once for them as it is.
	KeepOnce bool
	Join     bool
	// FinishBy is when the run is to end, as 06:30; "" is whenever.
	FinishBy string
	// AcceptShrink takes the length of the list as right, whatever it was before.
	AcceptShrink bool
	// Uncertain says of what was to be done once, and may be, that it is done, or that
	// it is to be done again; "" leaves it.
	Uncertain string
	// RetryRefused logs in with credentials that the site has refused before.
	RetryRefused bool
	// Adopt makes an output folder the spec's that was another's.
	Adopt  bool
	DryRun bool
	// Trace has attempts traced, by one page in each context.
	Trace         bool
	JSON, Verbose bool
	Only          []string
	// Items names those that a dry run walks.
	Items []string
	Out   string
	// Metrics is the address at which the run's metrics are served; "" is none.
	Metrics string
	// HTTP is where the run's pages are served, "" for none.
	HTTP string
	// Control takes lines from standard input that steer the run.
	Control bool
}

// apply puts the flags over the spec.
func (f RunOptions) apply(spec *specs.Spec) error {
	if f.Limit < 0 || f.Contexts < 0 || f.Pages < 0 {
		return Exit(ExitSpec, fmt.Errorf("--limit, --contexts and --pages cannot be negative"))
	}
	if f.Uncertain != "" && f.Uncertain != uncertainDone && f.Uncertain != uncertainRedo {
		return Exit(ExitSpec, fmt.Errorf("--uncertain is done or redo, not %q", f.Uncertain))
	}
	if f.Contexts > 0 {
		spec.Pool.Contexts, spec.Pool.PerAccount = f.Contexts, 0
	}
	if f.Pages > 0 {
		spec.Pool.Pages = f.Pages
	}
	if f.Trace {
		if !spec.Evidence.Pages() {
			return Exit(ExitSpec, fmt.Errorf("%s: --trace keeps pages, which the spec's evidence: %s does not let it", spec.File, spec.Evidence.Keep))
		}
		// A trace has what all pages of a context do.
		spec.Pool.Pages = 1
	}
	if f.NoBlock {
		spec.Pool.Block = nil
	}
	spec.Browser.Headed = spec.Browser.Headed || f.Headed
	return nil
}
