package schedule

import (
	"fmt"
	"strings"
)

// Crontab gives the lines that have cron run a job.
func Crontab(j Job) (string, error) {
	words := make([]string, len(j.Command))
	for i, word := range j.Command {
		if strings.ContainsAny(word, "\n\r\x00") {
			return "", fmt.Errorf("%q cannot stand in a crontab", word)
		}
		words[i] = shellWord(word)
	}
	if strings.ContainsAny(j.Dir, "\n\r\x00") {
		return "", fmt.Errorf("%q cannot stand in a crontab", j.Dir)
	}
	var b strings.Builder
	fmt.Fprintf(&b, "# pipe run of %s. A run that is still at work is left alone; cron makes up for no time that was missed.\n", j.Name)
	if j.When.TimeZone != "" {
		fmt.Fprintf(&b, "# Only crons that know CRON_TZ, as cronie, take these times for those of a zone.\nCRON_TZ=%s\n", j.When.TimeZone)
	}
	line := "cd " + shellWord(j.Dir) + " && " + strings.Join(words, " ")
	// cron takes a % for the end of the line, in quotes too.
	fmt.Fprintf(&b, "%s %s\n", strings.Join(j.When.Fields(), " "), strings.ReplaceAll(line, "%", `\%`))
	return b.String(), nil
}

// shellWord is one word of a command line of sh.
func shellWord(text string) string { return "'" + strings.ReplaceAll(text, "'", `'\''`) + "'" }
