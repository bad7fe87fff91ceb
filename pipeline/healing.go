package pipeline

import "pipe/steps"

// Healing finds the elements of targets while a run is under way that lead to nothing any
// more. What an attempt goes by is on trial until that attempt's files are proved. It is
// safe for concurrent use.
type Healing interface {
	// Attempt gives what stands by in an attempt at the item of a key.
	Attempt(key string) HealingAttempt
}

// HealingAttempt stands by in one attempt.
type HealingAttempt interface {
	steps.Healer
	// OnTrial tells what the attempt goes by and no file has proved yet, in words; "" is
	// nothing.
	OnTrial() string
	// Asked tells whether the attempt has come upon a target of which somebody has been
	// asked, who has not said no: it is to be done again then.
	Asked() bool
	// End tells how the attempt has ended: proved is true when all its files are, class is
	// how it failed. It gives an event for each target that is healed by now.
	End(proved bool, class Class) []Event
}
