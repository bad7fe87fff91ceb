package console

import (
	"fmt"
	"strings"
	"time"

	"pipe/pipeline"
)

// percent is the part of the rows that needs nothing more.
func percent(t pipeline.Totals) float64 {
	if t.In == 0 {
		return 0
	}
	return float64(t.In-t.Left()) / float64(t.In) * 100
}

// notable is the line that an event is worth, or "".
func notable(e pipeline.Event) string {
	key, reason := Clean(e.Key), Clean(e.Reason)
	switch e.Kind {
	case pipeline.SourceFound:
		return "source     " + reason
	case pipeline.SourceRead:
		t := e.Totals
		line := fmt.Sprintf("source     %d in: %d done before, %s%d failed before, %d to do, %d duplicates", t.In, t.Done, skipped(t.Skipped), t.Failed, t.Left(), t.Duplicates)
		if t.Bad > 0 {
			line += fmt.Sprintf(", %d bad", t.Bad)
		}
		if t.Due > 0 {
			line += fmt.Sprintf("; %d of those done are due again", t.Due)
		}
		return line
	case pipeline.DuplicateRow:
		return "duplicate  " + key + " is in the source more than once: it is done once"
	case pipeline.BadRow:
		return "BAD ROW    " + reason
	case pipeline.ShortList:
		return "SHORT LIST " + reason
	case pipeline.ItemDone:
		if e.Reason != "" {
			return fmt.Sprintf("without    %s  %s", key, reason)
		}
		return ""
	case pipeline.ItemSkipped:
		return fmt.Sprintf("skipped    %s  %s", key, reason)
	case pipeline.SecondLook:
		return fmt.Sprintf("look again %s  attempt %d%s: %s%s", key, e.Attempt, classed(e.Class), reason, at(e.Step))
	case pipeline.AttemptFailed:
		return fmt.Sprintf("retry      %s  attempt %d, %s: %s%s", key, e.Attempt, e.Class, reason, at(e.Step))
	case pipeline.ItemFailed:
		return fmt.Sprintf("FAILED     %s  attempt %d, %s: %s%s", key, e.Attempt, e.Class, reason, at(e.Step))
	case pipeline.RefreshFailed:
		return fmt.Sprintf("NOT AGAIN  %s  attempt %d, %s: %s%s; its old files and record stand", key, e.Attempt, e.Class, reason, at(e.Step))
	default:
		return notableOfRun(e)
	}
}

// notableOfRun is the line of an event that concerns no item and no row: a login, the
// pace, the end.
func notableOfRun(e pipeline.Event) string {
	reason := Clean(e.Reason)
	switch e.Kind {
	case pipeline.LoggedIn:
		return fmt.Sprintf("logged in  %s, %s", e.Worker, accountOf(e))
	case pipeline.LoginKept:
		return fmt.Sprintf("login kept %s, %s: the login of an earlier run holds, and no password was asked for", e.Worker, accountOf(e))
	case pipeline.LoginLost:
		return fmt.Sprintf("login lost %s, %s: it logs in again when it is needed", e.Worker, accountOf(e))
	case pipeline.AccountGivenUp:
		return fmt.Sprintf("GIVEN UP   %s: %s", accountOf(e), reason)
	case pipeline.HealAsked:
		return "heal?      " + Clean(e.Step) + ": " + reason
	case pipeline.Healed:
		return "HEALED     " + Clean(e.Step) + ": " + reason
	case pipeline.Held:
		return fmt.Sprintf("held       nothing new is begun until %s, %s: %s", e.Until.Format("15:04:05"), e.Class, reason)
	case pipeline.Resumed:
		return "resumed    the site answers again"
	case pipeline.Adapted:
		return "pages      " + reason
	case pipeline.Paused:
		return "paused     nothing new is begun, and what is in hand is finished"
	case pipeline.Continued:
		return "continued  items are begun again"
	case pipeline.Late:
		return "LATE       " + reason
	case pipeline.InTime:
		return "in time    " + reason
	case pipeline.Stopping:
		return "stopping   " + reason
	default:
		return ""
	}
}

// accountOf names the account of a login.
func accountOf(e pipeline.Event) string {
	if e.AccountName == "" {
		return "account " + Clean(e.Account)
	}
	return Clean(e.AccountName)
}

// skipped is a part of a line about how many items are settled, if any were skipped.
func skipped(n int) string {
	if n == 0 {
		return ""
	}
	return fmt.Sprintf("%d skipped, ", n)
}

func at(step string) string {
	if step == "" {
		return ""
	}
	return "  at " + Clean(step)
}

// short gives a duration as a person says it: 41s, 3m05s, 2h10m.
func short(d time.Duration) string {
	d = d.Round(time.Second)
	switch {
	case d < time.Minute:
		return fmt.Sprintf("%ds", int(d.Seconds()))
	case d < time.Hour:
		return fmt.Sprintf("%dm%02ds", int(d.Minutes()), int(d.Seconds())%60)
	default:
		return fmt.Sprintf("%dh%02dm", int(d.Hours()), int(d.Minutes())%60)
	}
}

func names(files []pipeline.File) string {
	var all []string
	for _, f := range files {
		all = append(all, Clean(f.Name))
	}
	return strings.Join(all, ", ")
}
