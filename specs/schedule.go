package specs

import (
	"fmt"
	"regexp"
	"strings"
	"time"

	"github.com/adhocore/gronx"
	"gopkg.in/yaml.v3"

	"pipe/specs/document"
)

// Schedule is when a spec is to be run.
type Schedule struct {
	Cron     string   `yaml:"cron" short:"true" required:"true" example:"30 22 * * 1-5" doc:"when, as crontab has it: minute, hour, day of the month, month and day of the week; or @hourly, @daily, @weekly, @monthly"`
	TimeZone string   `yaml:"time_zone" example:"Europe/Berlin" doc:"the time zone of these times; default the machine's"`
	CatchUp  Duration `yaml:"catch_up" example:"6h" doc:"a time that was missed, as the machine was off, is made up for when it is no longer ago than this: once, however many were; default: none is"`
}

// cronField is a field of a cron expression that all schedulers read alike.
var cronField = regexp.MustCompile(`^[0-9A-Za-z*,/-]+$`)

// cronNames are the words that stand for whole expressions.
var cronNames = map[string]string{
	"@hourly": "0 * * * *", "@daily": "0 0 * * *", "@midnight": "0 0 * * *", "@weekly": "0 0 * * 0", "@monthly": "0 0 1 * *",
}

// Fields gives the five fields of the cron expression.
func (s *Schedule) Fields() []string {
	text := strings.TrimSpace(s.Cron)
	if whole := cronNames[text]; whole != "" {
		text = whole
	}
	return strings.Fields(text)
}

// Location is the time zone that the times are in.
func (s *Schedule) Location() (*time.Location, error) {
	if s.TimeZone == "" {
		return time.Local, nil
	}
	where, err := time.LoadLocation(s.TimeZone)
	if err != nil {
		return nil, fmt.Errorf("there is no time zone %q: want a name such as Europe/Berlin", s.TimeZone)
	}
	return where, nil
}

// Next gives the first time after a moment. It goes by what the clocks show: a time that
// a day does not have, as they are put forward, is as much later, and one that it has
// twice, as they are put back, comes once.
func (s *Schedule) Next(after time.Time) (time.Time, error) {
	where, err := s.Location()
	if err != nil {
		return time.Time{}, err
	}
	fields := strings.Join(s.Fields(), " ")
	shown := onClock(after.In(where), time.UTC)
	for {
		if shown, err = gronx.NextTickAfter(fields, shown, false); err != nil {
			return time.Time{}, fmt.Errorf("%q has no next time: %w", s.Cron, err)
		}
		shown = shown.Truncate(time.Minute)
		if next := onClock(shown, where); next.After(after) {
			return next, nil
		}
	}
}

// onClock gives the moment at which clocks elsewhere show the same.
func onClock(t time.Time, where *time.Location) time.Time {
	return time.Date(t.Year(), t.Month(), t.Day(), t.Hour(), t.Minute(), t.Second(), 0, where)
}

// checkSchedule finds what is wrong with when a spec is to run.
func (d *decoder) checkSchedule(root *yaml.Node, s *Spec) {
	if s.Schedule == nil || s.Schedule.Cron == "" {
		return // told where it is read
	}
	at := document.Find(root, "schedule")
	cron := document.Find(at, "cron")
	if _, err := s.Schedule.Location(); err != nil {
		d.FaultAt(d.Pos(document.Find(at, "time_zone")), "schedule.time_zone", "%v", err)
		return
	}
	fields := s.Schedule.Fields()
	good := len(fields) == 5 && gronx.IsValid(strings.Join(fields, " "))
	for _, field := range fields {
		good = good && cronField.MatchString(field)
	}
	if !good {
		d.FaultAt(d.Pos(cron), "schedule.cron", "%q is no time: want minute, hour, day of the month, month and day of the week, such as \"30 22 * * 1-5\", or @daily", s.Schedule.Cron)
		return
	}
	if _, err := s.Schedule.Next(time.Now()); err != nil {
		d.FaultAt(d.Pos(cron), "schedule.cron", "%q is a time that never comes", s.Schedule.Cron)
	}
}
