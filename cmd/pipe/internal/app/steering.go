package app

import (
	"pipe/pipeline/engine"
	"pipe/pipeline/report/console"
)

// steering is what a person may have a run do while it is under way.
type steering struct {
	control *engine.Control
	// stops are asked for; who asks waits for nobody.
	stops chan stopRequest
	// heal is who is asked of what is to be healed.
	heal *healAnswers
}

// stopsMost is how many requests wait: more mean no more than these.
const stopsMost = 4

func newSteering() steering {
	control := engine.NewControl()
	return steering{control: control, stops: make(chan stopRequest, stopsMost), heal: &healAnswers{control: control}}
}

func (s steering) stop(how stopRequest) {
	select {
	case s.stops <- how:
	default:
	}
}

// keys are what the keyboard does.
func (s steering) keys() *console.Keys {
	return &console.Keys{
		Pause: func() {
			if s.control.State().Paused {
				s.control.Resume()
			} else {
				s.control.Pause()
			}
		},
		Question:  s.heal.question,
		Answer:    s.heal.answer,
		Workers:   func(by int) { s.control.SetWorkers(s.control.State().Workers + by) },
		Drain:     func() { s.stop(drain) },
		Quit:      func() { s.stop(stopNow) },
		Interrupt: func() { s.stop(interrupt) },
	}
}
