//go:build soak && unix

package main

import (
	"testing"
	"time"

	"pipe/pipeline/practice"
)

func TestSoakTwoThousand(t *testing.T) {
	t.Parallel()
	long(t)
	many(t, 2000, 200, 200, 1.15)
}

func TestSoakNightOfFaults(t *testing.T) {
	t.Parallel()
	long(t)
	faults(t, 295, 5, practice.Faults{
		ServerError: 0.05, RateLimited: 0.02, RetryAfter: time.Second, Reset: 0.02, Hang: 0.01, HangFor: time.Minute,
		HTMLAsPDF: 0.03, TruncatedPDF: 0.03, SelfClosingTab: 0.02, WrongPDF: 0.03,
	})
}

func TestSoakFiftyKills(t *testing.T) {
	t.Parallel()
	long(t)
	killed(t, 50, 200)
}

func TestSoakBrowserAndDriverKilled(t *testing.T) {
	t.Parallel()
	long(t)
	browserAndDriverKilled(t, 15, 80)
}
