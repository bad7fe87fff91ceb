package bench

import (
	"math"
	"time"
)

// Seconds is a span of time: in JSON a number of seconds, on a command line as 1.5s.
type Seconds float64

// SecondsOf gives a duration in seconds.
func SecondsOf(d time.Duration) Seconds { return Seconds(d.Seconds()) }

// Std gives it as a duration.
func (s Seconds) Std() time.Duration {
	return time.Duration(math.Round(float64(s) * float64(time.Second)))
}

func (s Seconds) String() string { return s.Std().String() }

// Set reads it off a command line.
func (s *Seconds) Set(text string) error {
	d, err := time.ParseDuration(text)
	if err == nil {
		*s = SecondsOf(d)
	}
	return err
}

// Type is what a command line's help calls it.
func (s *Seconds) Type() string { return "duration" }
