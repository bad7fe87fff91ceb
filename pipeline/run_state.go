package pipeline

import "time"

// How a run may have ended, as its Reason has it; any other is the error that stopped it.
const (
	RunFinished    = "finished"
	RunInterrupted = "interrupted"
	RunLost        = "ended without notice: it was killed or the machine stopped"
)

// RunState is where a run stands.
type RunState string

// The states of a run.
const (
	// StateRunning is a run that is under way.
	StateRunning RunState = "running"
	// StateFinished is one that came to the end of its items, StateInterrupted one that
	// somebody ended, StateStopped one that an error did.
	StateFinished    RunState = "finished"
	StateInterrupted RunState = "interrupted"
	StateStopped     RunState = "stopped"
	// StateDied is one that was killed, or its machine was.
	StateDied RunState = "died"
)

// State tells where the run stands; deserted is true where no run is at work in its
// output folder, for all that it has not noted an end.
func (r *RunRow) State(now time.Time, deserted bool) RunState {
	switch {
	case r.Ended.IsZero() && (deserted || r.Silent(now)), r.Reason == RunLost:
		return StateDied
	case r.Ended.IsZero():
		return StateRunning
	case r.Reason == RunFinished:
		return StateFinished
	case r.Reason == RunInterrupted:
		return StateInterrupted
	default:
		return StateStopped
	}
}

// Last is the last that is known of the run: its end, or its last sign of life.
func (r *RunRow) Last(now time.Time, deserted bool) time.Time {
	switch {
	case !r.Ended.IsZero():
		return r.Ended
	case r.State(now, deserted) == StateRunning:
		return now
	default:
		return r.Beat
	}
}
