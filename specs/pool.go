package specs

import (
	"gopkg.in/yaml.v3"

	"pipe/specs/document"
)

// Pool sizes the run.
type Pool struct {
	Contexts   int      `yaml:"contexts" default:"2" min:"1" doc:"logged-in browser contexts in all, spread over the accounts; the default is 2, or the number of accounts if that is higher"`
	PerAccount int      `yaml:"contexts_per_account" doc:"logged-in browser contexts of each account, instead of contexts; 1 for a site that allows an account one session"`
	Pages      int      `yaml:"pages" default:"1" min:"1" doc:"pages that work at once in each context"`
	PagesMin   int      `yaml:"pages_min" default:"1" min:"1" doc:"the fewest pages at work, over all contexts, when the site is in trouble"`
	Adaptive   bool     `yaml:"adaptive" default:"true" doc:"fewer pages at work while the site is slow or fails, more when it is well again"`
	Fetches    int      `yaml:"fetches" default:"8" min:"1" doc:"files that may be on their way at once without a page"`
	Input      string   `yaml:"input" enum:"trusted,script" default:"trusted" doc:"how click and fill act: trusted is the browser's own input, as by a person; script makes the events in the page, for half of the processor's time, and a site may take no notice of them: a dry run tells whether it does"`
	Block      []string `yaml:"block" enum:"image,font,media,stylesheet" doc:"what pages need not load"`
	Pace       Pace     `yaml:"pace" doc:"how fast items may follow each other"`
	Recycle    Recycle  `yaml:"recycle" doc:"when contexts and browsers are made new, so that a long run stays small; the logins are kept"`
}

// Recycle bounds the life of contexts and browsers.
type Recycle struct {
	Context int  `yaml:"context" default:"200" doc:"items after which a context is made new; 0 is never"`
	Browser int  `yaml:"browser" default:"2000" doc:"items after which the browser is made new; 0 is never"`
	Memory  Size `yaml:"memory" default:"2GB" doc:"memory of browser and driver, what their processes share counted once where the system tells it (Linux), above which they are made new; 0 is never"`
}

// Pace bounds the speed of the run on the site.
type Pace struct {
	Delay   Duration `yaml:"delay" doc:"the least time between one item of a page and the next one's start on it"`
	Rate    Rate     `yaml:"rate" doc:"the most items started per time, over all pages, such as 30/min"`
	Burst   int      `yaml:"burst" doc:"with rate: how many items may start at once after a quiet time; default 1"`
	Account RateOf   `yaml:"account" doc:"the same for each account by itself"`
}

// RateOf bounds how often something is started.
type RateOf struct {
	Rate  Rate `yaml:"rate" short:"true" doc:"the most items started per time, such as 10/min"`
	Burst int  `yaml:"burst" doc:"how many items may start at once after a quiet time; default 1"`
}

func (d *decoder) checkPace(root *yaml.Node, p Pool) {
	at := d.Pos(document.Find(root, "pool"))
	if p.Pace.Burst > 0 && p.Pace.Rate == 0 || p.Pace.Account.Burst > 0 && p.Pace.Account.Rate == 0 {
		d.FaultAt(at, "pool.pace", "a burst goes with a rate: it is how many items may start at once within it")
	}
}
