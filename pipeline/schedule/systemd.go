package schedule

import (
	"fmt"
	"strconv"
	"strings"
)

// Systemd gives the two units that have systemd run a job, one after the other.
func Systemd(j Job) (string, error) {
	c, err := cronOf(j.When)
	if err != nil {
		return "", err
	}
	unit := "pipe-" + plainName(j.Name)
	words := make([]string, len(j.Command))
	for i, word := range j.Command {
		words[i] = systemdWord(word)
	}
	var b strings.Builder
	fmt.Fprintf(&b, "# %s.service\n[Unit]\nDescription=pipe run of %s\nWants=network-online.target\nAfter=network-online.target\n\n", unit, systemdText(j.Name))
	fmt.Fprintf(&b, "[Service]\nType=oneshot\nWorkingDirectory=%s\n# Secrets: a file of NAME=value lines that only its owner can read.\n#EnvironmentFile=/etc/%s.env\nExecStart=%s\n# The items in hand are finished when it is stopped.\nKillMode=mixed\nTimeoutStopSec=10min\n\n",
		systemdText(j.Dir), unit, strings.Join(words, " "))
	fmt.Fprintf(&b, "# %s.timer\n[Unit]\nDescription=times of the pipe run of %s\n\n[Timer]\n", unit, systemdText(j.Name))
	for _, at := range c.onCalendar(j.When.TimeZone) {
		fmt.Fprintf(&b, "OnCalendar=%s\n", at)
	}
	fmt.Fprintf(&b, "Persistent=%t\nAccuracySec=1s\n\n[Install]\nWantedBy=timers.target\n", j.When.CatchUp > 0)
	return b.String(), nil
}

// onCalendar gives the times in systemd's words. There a day must fit both of what is
// said of it, and here one is enough, so that it takes two lines.
func (c cron) onCalendar(zone string) []string {
	weekdays := make([]string, len(c.weekdays))
	for i, day := range c.weekdays {
		weekdays[i] = []string{"Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"}[day]
	}
	week := strings.Join(weekdays, ",")
	at := func(week, days string) string {
		if week != "" {
			week += " "
		}
		text := fmt.Sprintf("%s*-%s-%s %s:%s:00", week, list(c.months), days, list(c.hours), list(c.minutes))
		if zone != "" {
			text += " " + zone
		}
		return text
	}
	if c.days != nil && c.weekdays != nil {
		return []string{at("", list(c.days)), at(week, "*")}
	}
	return []string{at(week, list(c.days))}
}

// list gives values with two digits, * for any.
func list(values []int) string {
	if values == nil {
		return "*"
	}
	texts := make([]string, len(values))
	for i, v := range values {
		texts[i] = fmt.Sprintf("%02d", v)
	}
	return strings.Join(texts, ",")
}

// systemdText is a text in which nothing stands for something else.
func systemdText(text string) string { return strings.ReplaceAll(text, "%", "%%") }

// systemdWord is one word of a command line of systemd's.
func systemdWord(text string) string {
	return strings.ReplaceAll(systemdText(strconv.Quote(text)), "$", "$$")
}

// plainName is a name of small letters, digits and dashes.
func plainName(name string) string {
	return strings.Trim(strings.Map(func(r rune) rune {
		switch {
		case r >= 'a' && r <= 'z' || r >= '0' && r <= '9':
			return r
		case r >= 'A' && r <= 'Z':
			return r - 'A' + 'a'
		default:
			return '-'
		}
	}, name), "-")
}
