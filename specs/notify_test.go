package specs_test

import (
	"testing"
	"time"

	"pipe/specs"
)

// The next time of day is the clock's, whatever the clock does that day.
func TestClockTimeNext(t *testing.T) {
	berlin, err := time.LoadLocation("Europe/Berlin")
	if err != nil {
		t.Fatal(err)
	}
	at := func(text string) time.Time {
		t.Helper()
		v, err := time.ParseInLocation("2006-01-02 15:04:05", text, berlin)
		if err != nil {
			t.Fatal(err)
		}
		return v
	}
	for _, c := range []struct {
		clock       specs.ClockTime
		after, want string
	}{
		{"02:00", "2026-11-30 22:15:00", "2026-12-01 02:00:00"},
		{"23:30", "2026-11-30 22:15:00", "2026-11-30 23:30:00"},
		{"22:15", "2026-11-30 22:15:00", "2026-12-01 22:15:00"},
		{"02:30", "2026-03-28 22:00:00", "2026-03-29 03:30:00"}, // clocks go from 2 to 3
		{"06:30", "2026-10-24 22:00:00", "2026-10-25 06:30:00"}, // and back again
	} {
		if got := c.clock.Next(at(c.after)); !got.Equal(at(c.want)) {
			t.Errorf("%s after %s is %s, want %s", c.clock, c.after, got, c.want)
		}
	}
}
