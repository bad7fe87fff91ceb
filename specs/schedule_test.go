package specs_test

import (
	"testing"
	"time"

	"pipe/specs"
)

// Times are those that the clocks show, on the days too on which they are changed.
func TestScheduleNext(t *testing.T) {
	const berlin = "Europe/Berlin"
	for _, c := range []struct{ cron, zone, after, want string }{
		{"30 22 * * 1-5", berlin, "2026-11-27T22:30:00+01:00", "2026-11-30T22:30:00+01:00"},
		{"30 22 * * 1-5", "America/New_York", "2026-11-30T21:00:00+01:00", "2026-11-30T22:30:00-05:00"},
		{"@daily", berlin, "2026-11-30T12:00:00+01:00", "2026-12-01T00:00:00+01:00"},
		{"0 6 1,15 * *", berlin, "2026-12-01T06:00:00+01:00", "2026-12-15T06:00:00+01:00"},
		{"0 6 13 * 5", berlin, "2026-12-01T06:00:00+01:00", "2026-12-04T06:00:00+01:00"}, // a Friday, or the 13th
		{"0 6 29 2 *", berlin, "2026-12-01T06:00:00+01:00", "2028-02-29T06:00:00+01:00"},
		// Clocks go from 2 to 3: half past two is half past three, once.
		{"30 2 * * *", berlin, "2026-03-28T12:00:00+01:00", "2026-03-29T03:30:00+02:00"},
		{"30 2 * * *", berlin, "2026-03-29T03:30:00+02:00", "2026-03-30T02:30:00+02:00"},
		// Clocks go from 3 back to 2: half past two comes once.
		{"30 2 * * *", berlin, "2026-10-24T12:00:00+02:00", "2026-10-25T02:30:00+01:00"},
		{"30 2 * * *", berlin, "2026-10-25T02:30:00+01:00", "2026-10-26T02:30:00+01:00"},
		{"30 2 * * *", berlin, "2026-10-25T02:10:00+01:00", "2026-10-25T02:30:00+01:00"},
		{"15 4 * * *", berlin, "2026-10-25T02:10:00+01:00", "2026-10-25T04:15:00+01:00"},
		{"*/20 * * * *", berlin, "2026-03-29T01:45:00+01:00", "2026-03-29T03:00:00+02:00"},
	} {
		after, err := time.Parse(time.RFC3339, c.after)
		if err != nil {
			t.Fatal(err)
		}
		s := specs.Schedule{Cron: c.cron, TimeZone: c.zone}
		next, err := s.Next(after)
		if got := next.Format(time.RFC3339); err != nil || got != c.want {
			t.Errorf("%s in %s after %s is %s, %v; want %s", c.cron, c.zone, c.after, got, err, c.want)
		}
	}
}
