package schedule

import (
	"context"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"pipe/specs"
)

// follow follows a schedule in virtual time, from midnight of 2000-01-01 in UTC, for so
// long, and gives the times at which it ran; each run takes so long.
func follow(t *testing.T, when *specs.Schedule, state string, takes, during time.Duration) (ran, told []string) {
	t.Helper()
	r := Runner{
		When: when, State: state, Tell: func(text string) { told = append(told, text) },
		Run: func(_ context.Context, at time.Time) error {
			ran = append(ran, at.Format("02 15:04"))
			time.Sleep(takes)
			return nil
		},
	}
	stop := make(chan struct{})
	time.AfterFunc(during, func() { close(stop) })
	if err := r.Follow(t.Context(), stop); err != nil {
		t.Fatal(err)
	}
	return ran, told
}

func TestFollow(t *testing.T) {
	state := filepath.Join(t.TempDir(), "out", ".schedule.json")
	when := &specs.Schedule{Cron: "0 6,18 * * *", TimeZone: "UTC"}
	synctest.Test(t, func(t *testing.T) {
		ran, told := follow(t, when, state, time.Hour, 42*time.Hour+30*time.Minute)
		if got := strings.Join(ran, ", "); got != "01 06:00, 01 18:00, 02 06:00, 02 18:00" {
			t.Errorf("it ran at %s", got)
		}
		if told[0] != "next at Sat 2000-01-01 06:00 UTC" {
			t.Errorf("it told %q", told)
		}
	})
}

// A time that comes while the run before it is at work is passed over.
func TestNoOverlap(t *testing.T) {
	state := filepath.Join(t.TempDir(), ".schedule.json")
	when := &specs.Schedule{Cron: "0 * * * *", TimeZone: "UTC", CatchUp: specs.Duration(24 * time.Hour)}
	synctest.Test(t, func(t *testing.T) {
		ran, told := follow(t, when, state, 150*time.Minute, 8*time.Hour+time.Minute)
		if got := strings.Join(ran, ", "); got != "01 01:00, 01 04:00, 01 07:00" {
			t.Errorf("it ran at %s", got)
		}
		if text := strings.Join(told, "\n"); strings.Count(text, "is passed over") != 4 {
			t.Errorf("it told %s", text)
		}
	})
}

// What was missed is made up for once, if it is not too long ago.
func TestCatchUp(t *testing.T) {
	for _, c := range []struct {
		name, last string
		catchUp    time.Duration
		want       string
	}{
		{"in time", "1999-12-29T20:00:00Z", 6 * time.Hour, "31 20:00, 01 20:00"},
		{"too late", "1999-12-29T20:00:00Z", 3 * time.Hour, "01 20:00"},
		{"none is made up for", "1999-12-29T20:00:00Z", 0, "01 20:00"},
		{"none was missed", "1999-12-31T20:00:00Z", 6 * time.Hour, "01 20:00"},
	} {
		t.Run(c.name, func(t *testing.T) {
			state := filepath.Join(t.TempDir(), ".schedule.json")
			if err := os.WriteFile(state, []byte(`{"last": "`+c.last+`"}`), 0o600); err != nil {
				t.Fatal(err)
			}
			when := &specs.Schedule{Cron: "0 20 * * *", TimeZone: "UTC", CatchUp: specs.Duration(c.catchUp)}
			synctest.Test(t, func(t *testing.T) {
				ran, _ := follow(t, when, state, time.Minute, 21*time.Hour)
				if got := strings.Join(ran, ", "); got != c.want {
					t.Errorf("it ran at %s, want %s", got, c.want)
				}
				// The next one who follows it does not run for the same time again.
				ran, _ = follow(t, when, state, time.Minute, time.Minute)
				if len(ran) > 0 {
					t.Errorf("it ran again at %v", ran)
				}
			})
		})
	}
}
