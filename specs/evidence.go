package specs

// Evidence says what is kept of failures, and how much. A cause is a step and a class of
// failure.
type Evidence struct {
	Keep     string `yaml:"keep" short:"true" enum:"page,messages,off" default:"page" doc:"page: a screenshot, the page with its resources, and its messages; messages: these alone, where the page's content is not to be kept; off: nothing"`
	PerCause int    `yaml:"per_cause" default:"3" min:"1" doc:"how many failures of one cause it is kept of in a run"`
	PerRun   int    `yaml:"per_run" default:"50" min:"1" doc:"how many failures in all it is kept of in a run"`
	Bytes    Size   `yaml:"bytes" default:"200MB" doc:"how much of it a run keeps"`
}

// Off tells whether nothing is kept.
func (e Evidence) Off() bool { return e.Keep == "off" }

// Pages tells whether pages are kept, and not their messages alone.
func (e Evidence) Pages() bool { return e.Keep == "page" }
