package specs

import (
	"gopkg.in/yaml.v3"

	"pipe/specs/document"
	"pipe/specs/expr"
)

// Spec is a whole spec: what to fetch from one site, and how.
type Spec struct {
	Name     string        `yaml:"name" required:"true" doc:"names the spec in reports and its output folder"`
	About    string        `yaml:"about" doc:"a sentence for people"`
	Include  []string      `yaml:"include" doc:"files of blocks and vars that specs share, relative to the spec's folder; what the spec has itself goes before"`
	BaseURL  expr.Address  `yaml:"base_url" scope:"spec" example:"${{ env.SITE_URL }}" doc:"what relative addresses are relative to"`
	Key      expr.Template `yaml:"key" scope:"row" required:"true" example:"${{ item.reference }}" doc:"what identifies an item: for resuming, duplicates and file names"`
	Account  expr.Template `yaml:"account" scope:"row" doc:"which account does an item, by its name, username, user or email; empty is any"`
	Vars     Vars          `yaml:"vars" scope:"spec" doc:"values for expressions as vars.NAME, made of env, secrets and other vars; --set NAME=VALUE overrides"`
	Profiles Profiles      `yaml:"profiles" doc:"by name, what is different with --profile NAME: mappings are merged, all else is replaced, and a field with nothing is taken away; the output folder is out/NAME@PROFILE then"`
	Blocks   Blocks        `yaml:"blocks" doc:"lists of steps by name, for use in any list of steps"`
	Browser  Browser       `yaml:"browser" doc:"which browser, and how it starts"`
	Pool     Pool          `yaml:"pool" doc:"how many pages work at once, and how fast"`
	Timeouts Timeouts      `yaml:"timeouts" doc:"the limits of every wait"`
	Login    *Login        `yaml:"login" scope:"session" doc:"how a browser context logs in"`
	Whenever []Whenever    `yaml:"whenever" scope:"session" doc:"what may show at any moment on any page, as a survey, a banner or a countdown to the session's end, and what is done about it"`
	Source   Source        `yaml:"source" scope:"session" required:"true" doc:"where the items come from"`
	Navigate Navigate      `yaml:"navigate" scope:"item" doc:"the way from home to the item's page"`
	Download Download      `yaml:"download" scope:"item" doc:"the steps that take the item's files"`
	Files    expr.Location `yaml:"files" scope:"spec" doc:"where the files go: a folder, relative to the working directory, or a bucket's address such as s3://bucket/prefix?region=eu-west-1, gs://bucket/prefix or azblob://container/prefix, with credentials from the environment; it belongs to this spec alone; default: files in the output folder"`
	Record   Record        `yaml:"record" scope:"file" doc:"what is written down of each item"`
	Refresh  *Refresh      `yaml:"refresh" doc:"when an item that is done is due again; default: never"`
	Retry    Retry         `yaml:"retry" doc:"how often a failed item is tried again, and when"`

	Classify []Classify `yaml:"classify" scope:"failure" doc:"rules that give failures another class; the first that fits counts"`
	FailOn   *FailOn    `yaml:"fail_on" scope:"item" doc:"what shows that a step of navigate or download has failed, before its time-out; a step's own goes before"`
	StopWhen StopWhen   `yaml:"stop_when" doc:"when a run makes no sense and stops"`
	Heal     Heal       `yaml:"heal" enum:"off,ask,auto" default:"off" doc:"what a run does where a target of navigate or download has led to nothing for two items one after the other: auto tries the element that is clearly like the one it led to before, goes by it once that item's files are proved, and leaves the spec as it is; ask does so when it is told to at the terminal; off leaves it to pipe heal"`
	Evidence Evidence   `yaml:"evidence" doc:"what is kept of the first failures of each cause, free of secrets, to see in the morning what the page showed"`
	Notify   []Notify   `yaml:"notify" doc:"who is told of a run, and when"`
	Schedule *Schedule  `yaml:"schedule" doc:"when pipe schedule runs the spec, or has others run it"`
	Keep     *Keep      `yaml:"keep" doc:"what pipe clean leaves in the output folder; default: all"`
	Test     Test       `yaml:"test" doc:"what pipe test --record records, and what of it is replaced"`

	// File is the path that the spec was read from, Profile the one that is laid
	// over it, Revision the SHA-256 of its bytes, and those of the files that it
	// includes, in hexadecimal.
	File     string
	Profile  string
	Revision string
	// Values holds env, secret and vars: what every evaluation starts from.
	Values expr.Values
	// Recorded, if set, tells of the requests of a run that a recording answers: how many
	// there were, and whether one has not its whole answer yet.
	Recorded func() (requests int, underWay bool)
	// Warnings are what the spec may say and perhaps does not mean.
	Warnings document.Faults

	texts document.Texts
	reads *readContext
	// uses are the columns that the spec's expressions take of a row.
	uses []expr.ColumnUse
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

// Check is something that must come true of a page.
type Check struct {
	Visible Target       `yaml:"visible" doc:"this is to be seen"`
	Hidden  Target       `yaml:"hidden" doc:"this is not, or no longer, to be seen"`
	URL     expr.Address `yaml:"url" doc:"the page's address matches this glob"`
}

// Until says how far a page must have come that is opened.
type Until struct {
	State   string `yaml:"state" short:"true" enum:"load,domcontentloaded,networkidle,commit" doc:"what the browser says of it; default load, which is waited for no longer than until what the next step acts on has been there for 3 s; named, it must come"`
	Visible Target `yaml:"visible" doc:"and this must be to be seen; without state, this alone counts"`
}

// Navigate is the way to an item's page.
type Navigate struct {
	Home  Home   `yaml:"home" scope:"session" example:"/inventory" doc:"where each item starts and recovery goes back to"`
	Until *Until `yaml:"until" doc:"how far home must have come"`
	Via   Via    `yaml:"via" enum:"page,http" default:"page" doc:"http goes the way without a page, over the session's cookies, where no script is needed; an item that needs one goes by a page"`
	Steps []Step `yaml:"steps" doc:"from home to the item's page"`
}

// Home is the page where items start.
type Home struct {
	URL  expr.Address `yaml:"url" short:"true" required:"true" doc:"its address"`
	When string       `yaml:"when" enum:"always,lost" default:"always" doc:"always: each item goes there first; lost: an item starts where the last one of its page ended, if the first of navigate.steps finds its target there, and is done again from home if it fails"`
}

// checkHome makes sure that what the last item left is not taken for the item's own.
func (d *decoder) checkHome(root *yaml.Node, s *Spec) {
	if s.Navigate.Home.When != "lost" {
		return
	}
	for _, step := range append(StepsIn(s.Navigate.Steps), StepsIn(s.Download.Steps)...) {
		if (step.Verb == "wait" || step.Verb == "expect") && Varies(step.Do) {
			return
		}
	}
	d.FaultAt(d.Pos(document.Find(document.Find(root, "navigate"), "home")), "navigate.home.when",
		"with lost, the page may still show the item before: add a wait for something of the item's own, such as wait: {selector: \"#number\", text: \"${{ item.number }}\"}")
}

// Download takes the files of an item.
type Download struct {
	Via   Via    `yaml:"via" enum:"page,http" default:"page" doc:"http takes the files, and the record's fields that are read on the page, without a page, as navigate.via does; it goes with that"`
	Steps []Step `yaml:"steps" short:"true" doc:"the steps that take the item's files"`
}

// Via is how the steps of a stage reach the site: by a page in the browser, or by HTTP.
type Via string

// HTTP is the way without a page.
const HTTP Via = "http"

// HTTP tells whether they need no page.
func (v Via) HTTP() bool { return v == HTTP }

// FaultAt tells what a run found wrong at a place of the spec.
func (s *Spec) FaultAt(pos document.Pos, path, message string) document.Fault {
	return document.Fault{Pos: pos, Path: path, Message: message, Source: s.texts.Line(pos)}
}

// Paths names the files that the spec is made of, its own first and then those
// that it includes.
func (s *Spec) Paths() []string { return s.texts.Paths() }

// PlaceOf gives the place of what a path such as record.fields.vin or
// download[1] leads to: that of the last of its parts that is in the file.
func (s *Spec) PlaceOf(path string) document.Pos { return s.texts.Find(path) }
