package specs

// Spec is a whole spec: what to fetch from one site, and how.
type Spec struct {
	Name     string   `yaml:"name" required:"true" doc:"names the spec in reports and its output folder"`
	About    string   `yaml:"about" doc:"a sentence for people"`
	BaseURL  Template `yaml:"base_url" scope:"spec" doc:"what relative addresses are relative to"`
	Key      Template `yaml:"key" scope:"row" required:"true" doc:"what identifies an item: for resuming, duplicates and file names"`
	Vars     Vars     `yaml:"vars" scope:"spec" doc:"values for expressions as vars.NAME; --set NAME=VALUE overrides"`
	Browser  Browser  `yaml:"browser" doc:"which browser, and how it starts"`
	Pool     Pool     `yaml:"pool" doc:"how many pages work at once, and how fast"`
	Timeouts Timeouts `yaml:"timeouts" doc:"the limits of every wait"`
	Login    *Login   `yaml:"login" scope:"session" doc:"how a browser context logs in"`
	Source   Source   `yaml:"source" scope:"session" required:"true" doc:"where the items come from"`
	Navigate Navigate `yaml:"navigate" scope:"item" doc:"the way from home to the item's page"`
	Download []Step   `yaml:"download" scope:"item" doc:"the steps that take the item's files"`
	Record   Record   `yaml:"record" scope:"file" doc:"what is written down of each item"`
	Retry    Retry    `yaml:"retry" doc:"how often a failed item is tried again, and when"`

	// File is the path that the spec was read from, Revision the SHA-256 of its
	// bytes in hexadecimal.
	File     string
	Revision string
	// Values holds env, secret and vars: what every evaluation starts from.
	Values Values
}

// Browser chooses the browser.
type Browser struct {
	Path   Template `yaml:"path" short:"true" scope:"spec" doc:"a browser's path, or chromium, chrome or headless-shell; default: PIPE_BROWSER, else the best there is"`
	Headed bool     `yaml:"headed" doc:"with a window; --headed does the same"`
	Args   []string `yaml:"args" doc:"more switches for the browser's command line"`
}

// Pool sizes the run.
type Pool struct {
	Contexts int      `yaml:"contexts" default:"2" doc:"logged-in browser contexts, spread over the accounts"`
	Pages    int      `yaml:"pages" default:"1" doc:"pages that work at once in each context"`
	Fetches  int      `yaml:"fetches" default:"8" doc:"files that may be on their way at once without a page"`
	Block    []string `yaml:"block" enum:"image,font,media,stylesheet" doc:"what pages need not load"`
	Pace     Pace     `yaml:"pace" doc:"how fast items may follow each other"`
}

// Pace bounds the speed of the whole run on the site.
type Pace struct {
	Delay Duration `yaml:"delay" doc:"the least time between one item of a page and the next one's start on it"`
	Rate  Rate     `yaml:"rate" doc:"the most items started per time, over all pages, such as 30/min"`
}

// Timeouts are the limits of waits.
type Timeouts struct {
	Step    Duration `yaml:"step" default:"30s" doc:"one step"`
	Item    Duration `yaml:"item" default:"5m" doc:"one attempt at an item on its page"`
	Capture Duration `yaml:"capture" default:"2m" doc:"one file, from its trigger to its last byte"`
	Login   Duration `yaml:"login" default:"2m" doc:"all steps of a login"`
	Source  Duration `yaml:"source" default:"5m" doc:"reading the source, an export included"`
	Close   Duration `yaml:"close" default:"5s" doc:"closing a tab, a context or a browser"`
}

// Login is how a context logs in and how a lost session is noticed.
type Login struct {
	Accounts []Account `yaml:"accounts" scope:"spec" doc:"who logs in; fields of your choice, as account.NAME in login and item steps"`
	Steps    []Step    `yaml:"steps" required:"true" doc:"from a blank page to the logged-in one"`
	Success  *Check    `yaml:"success" required:"true" doc:"the proof that the login worked"`
	Lost     *Lost     `yaml:"lost" doc:"the sign, seen anywhere later, that the session is gone"`
}

// Check is something that must come true of a page.
type Check struct {
	Visible Target   `yaml:"visible" doc:"this is to be seen"`
	Hidden  Target   `yaml:"hidden" doc:"this is not, or no longer, to be seen"`
	URL     Template `yaml:"url" doc:"the page's address matches this glob"`
}

// Lost is the sign of a lost session.
type Lost struct {
	URL string `yaml:"url" required:"true" doc:"a glob of the login page's address"`
}

// Source is where the items come from: one of its fields.
type Source struct {
	CSV    *CSV    `yaml:"csv" doc:"a CSV file, or just its path"`
	Items  *Items  `yaml:"items" doc:"a list of mappings, in the spec itself"`
	Export *Export `yaml:"export" doc:"a file that the site exports after login"`
}

// CSV is a local file, relative to the working directory.
type CSV struct {
	Path      Template `yaml:"path" short:"true" required:"true" scope:"spec" doc:"the file"`
	Delimiter string   `yaml:"delimiter" doc:"one character; default: found from the file"`
}

// Export takes the list of items from the site itself.
type Export struct {
	Steps     []Step   `yaml:"steps" required:"true" doc:"the steps whose last one starts the download"`
	Format    string   `yaml:"format" enum:"csv" default:"csv" doc:"the format of the file"`
	Delimiter string   `yaml:"delimiter" doc:"one character; default: found from the file"`
	Timeout   Duration `yaml:"timeout" doc:"for the file, from the last step to the last byte; default timeouts.source"`
}

// Navigate is the way to an item's page.
type Navigate struct {
	Home  Template `yaml:"home" scope:"session" doc:"where each item starts and recovery goes back to"`
	Steps []Step   `yaml:"steps" doc:"from home to the item's page"`
}

// Record is what is kept of each item.
type Record struct {
	Fields Fields   `yaml:"fields" doc:"the record's fields, in the order of the spec"`
	To     []string `yaml:"to" doc:"files in the output folder, .csv or .jsonl"`
}

// Retry says how often a failed item is tried.
type Retry struct {
	Attempts    int        `yaml:"attempts" default:"3" doc:"how often an item is tried in all"`
	Backoff     Backoff    `yaml:"backoff" doc:"the wait before the next try; it doubles each time"`
	NotFound    *ClassRule `yaml:"not_found" doc:"the site does not know the item; default 1 attempt"`
	Rejected    *ClassRule `yaml:"rejected" doc:"the site refuses the item; default 1 attempt"`
	Transient   *ClassRule `yaml:"transient" doc:"time-outs, resets, server errors"`
	RateLimited *ClassRule `yaml:"rate_limited" doc:"the site asks for a slower pace"`
	ProofFailed *ClassRule `yaml:"proof_failed" doc:"a file is not what is expected"`
	Crashed     *ClassRule `yaml:"crashed" doc:"the page or the browser died"`
}

// Backoff is the wait before another try.
type Backoff struct {
	Initial Duration `yaml:"initial" default:"2s" short:"true" doc:"before the second try"`
	Max     Duration `yaml:"max" default:"30s" doc:"the most"`
}

// ClassRule overrides the retry rule for one class of failure.
type ClassRule struct {
	Attempts int      `yaml:"attempts" short:"true" doc:"how often an item may fail so"`
	Backoff  *Backoff `yaml:"backoff" doc:"the wait before the next try"`
}
