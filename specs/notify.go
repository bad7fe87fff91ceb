package specs

import (
	"fmt"
	"net/url"
	"regexp"
	"slices"
	"strings"
	"time"

	"gopkg.in/yaml.v3"

	"pipe/specs/document"
	"pipe/specs/expr"
)

// Notify is a place where a run is told of: an address of mail, of a chat, a webhook.
type Notify struct {
	To        expr.Template `yaml:"to" short:"true" required:"true" scope:"spec" example:"${{ secret.NOTIFY_URL }}" doc:"who is told, as a URL of shoutrrr: smtp://user:password@host:587/?from=a@x.org&to=b@x.org, slack://hook:TOKEN@webhook, ntfy://ntfy.sh/topic, generic+https://host/path and others; keep it in a secret"`
	On        []string      `yaml:"on" enum:"finish,failure,drift,person" doc:"when: finish: the run has ended, whichever way; failure: it has, with an exit code other than 0, and nobody has interrupted it; drift: it was stopped because the spec no longer fits the site; person: at once, when an account cannot be logged in, as with a captcha or a second factor; default finish, without nothing_by"`
	NothingBy *NothingBy    `yaml:"nothing_by" doc:"also when nothing is done by a time, while the run goes on"`
	Title     expr.Template `yaml:"title" scope:"notify" doc:"the message's title, in one line, over run and event; default: what has happened, in a few words"`
	Message   expr.Template `yaml:"message" scope:"notify" example:"${{ run.spec }}: ${{ run.failed }} failed" doc:"what is said, over run and event; default: the counts, the causes of failures and the output folder"`
}

// NothingBy is the time by which an item of the run must be done, or skipped.
type NothingBy struct {
	Time  ClockTime `yaml:"time" example:"02:00" doc:"a time of day, the first after the run's start, by the machine's clock"`
	After Duration  `yaml:"after" short:"true" example:"1h" doc:"so long after the run's start"`
}

// From gives the moment for a run that starts then.
func (n *NothingBy) From(start time.Time) time.Time {
	if n.Time != "" {
		return n.Time.Next(start)
	}
	return start.Add(n.After.Std())
}

// Tells tells whether what happens under a name of on is to be told.
func (n *Notify) Tells(on string) bool {
	if len(n.On) == 0 {
		return on == "finish" && n.NothingBy == nil
	}
	return slices.Contains(n.On, on)
}

// ClockTime is a time of day, as 02:00.
type ClockTime string

// ClockTimePattern is how one is written.
var ClockTimePattern = regexp.MustCompile(`^([01][0-9]|2[0-3]):[0-5][0-9]$`)

// Next gives the first such time after a moment, in its time zone. On a day without it,
// when clocks are put forward, it is as much later.
func (c ClockTime) Next(after time.Time) time.Time {
	at, err := time.Parse("15:04", string(c))
	if err != nil {
		return after // it has been checked
	}
	for day := 0; ; day++ {
		next := time.Date(after.Year(), after.Month(), after.Day()+day, at.Hour(), at.Minute(), 0, 0, after.Location())
		if next.After(after) {
			return next
		}
	}
}

func (c *ClockTime) decodeNode(d *decoder, n *yaml.Node, _ cursor) {
	if n.Kind != yaml.ScalarNode || !ClockTimePattern.MatchString(n.Value) {
		d.Fault(n, `want a time of day such as "02:00", not %s`, document.Describe(n))
		return
	}
	*c = ClockTime(n.Value)
}

// checkNotify finds what is wrong with whom a run tells, as far as the spec's text shows it.
func (d *decoder) checkNotify(root *yaml.Node, s *Spec) {
	list := document.Find(root, "notify")
	for i := range s.Notify {
		n, at := &s.Notify[i], list
		path := "notify"
		if list.Kind == yaml.SequenceNode && i < len(list.Content) {
			at, path = list.Content[i], fmt.Sprintf("notify[%d]", i)
		}
		if by := document.Find(at, "nothing_by"); n.NothingBy != nil && by.Kind == yaml.MappingNode && document.Has(by, "time") == document.Has(by, "after") {
			d.FaultAt(d.Pos(by), path+".nothing_by", "give one of time and after")
		}
		text, fixed := n.To.Fixed()
		u, err := url.Parse(text)
		if !fixed || err != nil || u.User == nil {
			continue
		}
		if _, written := u.User.Password(); written || !strings.HasPrefix(u.Scheme, "smtp") {
			// Without its line, which would be one more place with the password.
			d.Faults = append(d.Faults, document.Fault{Pos: d.Pos(document.Find(at, "to")), Path: path + ".to", Message: "a password or a token is written in the spec: put the address into a secret, as ${{ secret.NOTIFY_URL }}"})
		}
	}
}
