package schedule

import (
	"encoding/xml"
	"errors"
	"fmt"
	"strings"
	"time"
)

// triggersMost is how many a task may have.
const triggersMost = 48

type task struct {
	XMLName  xml.Name  `xml:"http://schemas.microsoft.com/windows/2004/02/mit/task Task"`
	Version  string    `xml:"version,attr"`
	About    string    `xml:"RegistrationInfo>Description"`
	Triggers []trigger `xml:"Triggers>CalendarTrigger"`
	Settings settings  `xml:"Settings"`
	Command  string    `xml:"Actions>Exec>Command"`
	Args     string    `xml:"Actions>Exec>Arguments"`
	Dir      string    `xml:"Actions>Exec>WorkingDirectory"`
}

type settings struct {
	Instances string `xml:"MultipleInstancesPolicy"`
	Battery   bool   `xml:"DisallowStartIfOnBatteries"`
	Late      bool   `xml:"StartWhenAvailable"`
	Limit     string `xml:"ExecutionTimeLimit"`
}

type trigger struct {
	Start string    `xml:"StartBoundary"`
	Day   *byDay    `xml:"ScheduleByDay"`
	Week  *byWeek   `xml:"ScheduleByWeek"`
	Month *byMonth  `xml:"ScheduleByMonth"`
	Weeks *byMonths `xml:"ScheduleByMonthDayOfWeek"`
}

type byDay struct {
	Every int `xml:"DaysInterval"`
}

type byWeek struct {
	Every int   `xml:"WeeksInterval"`
	Days  names `xml:"DaysOfWeek"`
}

type byMonth struct {
	Days   []int `xml:"DaysOfMonth>Day"`
	Months names `xml:"Months"`
}

type byMonths struct {
	Weeks  []string `xml:"Weeks>Week"`
	Days   names    `xml:"DaysOfWeek"`
	Months names    `xml:"Months"`
}

// names are elements that say all by being there.
type names []string

// MarshalXML writes an empty element for each.
func (n names) MarshalXML(e *xml.Encoder, start xml.StartElement) error {
	err := e.EncodeToken(start)
	for _, name := range n {
		one := xml.StartElement{Name: xml.Name{Local: name}}
		err = errors.Join(err, e.EncodeToken(one), e.EncodeToken(one.End()))
	}
	return errors.Join(err, e.EncodeToken(start.End()))
}

// Windows gives the task that has the Task Scheduler run a job, for schtasks /create /xml.
func Windows(j Job) (string, error) {
	if j.When.TimeZone != "" {
		return "", errors.New("the Task Scheduler of Windows knows no time zone but the machine's: leave time_zone out")
	}
	c, err := cronOf(j.When)
	if err != nil {
		return "", err
	}
	triggers, err := c.triggers()
	if err != nil {
		return "", err
	}
	args := make([]string, len(j.Command)-1)
	for i, word := range j.Command[1:] {
		args[i] = windowsWord(word)
	}
	text, err := xml.MarshalIndent(task{
		Version: "1.3", About: "pipe run of " + j.Name, Triggers: triggers, Command: j.Command[0], Args: strings.Join(args, " "), Dir: j.Dir,
		Settings: settings{Instances: "IgnoreNew", Late: j.When.CatchUp > 0, Limit: "PT0S"},
	}, "", "  ")
	return xml.Header + string(text) + "\n", err
}

// triggers gives one for each time of a day.
func (c cron) triggers() ([]trigger, error) {
	var days []trigger
	if c.days != nil || c.months != nil && c.weekdays == nil {
		days = append(days, trigger{Month: &byMonth{allOf(c.days, 1, 31), monthNames(c.months)}})
	}
	switch {
	case c.weekdays != nil && c.months != nil:
		days = append(days, trigger{Weeks: &byMonths{[]string{"1", "2", "3", "4", "Last"}, dayNames(c.weekdays), monthNames(c.months)}})
	case c.weekdays != nil:
		days = append(days, trigger{Week: &byWeek{1, dayNames(c.weekdays)}})
	case len(days) == 0:
		days = append(days, trigger{Day: &byDay{1}})
	}
	var all []trigger
	for _, day := range days {
		for _, hour := range allOf(c.hours, 0, 23) {
			for _, minute := range allOf(c.minutes, 0, 59) {
				// It begins on a day of the past, by the machine's clock.
				day.Start = fmt.Sprintf("2026-01-01T%02d:%02d:00", hour, minute)
				all = append(all, day)
			}
		}
	}
	if len(all) > triggersMost {
		return nil, fmt.Errorf("it would take %d triggers, and a task of Windows has %d at most: use fewer times of the day, or pipe schedule itself", len(all), triggersMost)
	}
	return all, nil
}

func allOf(values []int, from, to int) []int {
	if values != nil {
		return values
	}
	var all []int
	for v := from; v <= to; v++ {
		all = append(all, v)
	}
	return all
}

func monthNames(months []int) (all names) {
	for _, m := range allOf(months, 1, 12) {
		all = append(all, time.Month(m).String())
	}
	return all
}

func dayNames(days []int) (all names) {
	for _, day := range days {
		all = append(all, time.Weekday(day).String())
	}
	return all
}

// windowsWord is one argument, as the programs of Windows take theirs apart.
func windowsWord(text string) string {
	if text != "" && !strings.ContainsAny(text, " \t\"") {
		return text
	}
	var b strings.Builder
	b.WriteByte('"')
	slashes := 0
	for _, r := range text {
		switch r {
		case '\\':
			slashes++
			continue
		case '"':
			// Those before a quote, and the quote itself, are escaped.
			b.WriteString(strings.Repeat(`\`, 2*slashes+1))
		default:
			b.WriteString(strings.Repeat(`\`, slashes))
		}
		slashes = 0
		b.WriteRune(r)
	}
	b.WriteString(strings.Repeat(`\`, 2*slashes))
	b.WriteByte('"')
	return b.String()
}
