package pipeline

// AttemptTimes tells programs where the time of an attempt went, in milliseconds.
type AttemptTimes struct {
	// Phases is how long it spent in each stage.
	Phases map[string]int64 `json:"phases_ms"`
	Steps  []StepTimes      `json:"steps"`
}

// StepTimes is a StepTime in milliseconds.
type StepTimes struct {
	Step   string `json:"step"`
	AtMS   int64  `json:"at_ms"`
	TookMS int64  `json:"took_ms"`
}

// Times tells where the time of the attempt went.
func (a *AttemptRow) Times() AttemptTimes {
	times := AttemptTimes{Phases: map[string]int64{}, Steps: []StepTimes{}}
	for name, took := range a.Phases {
		times.Phases[name] = took.Milliseconds()
	}
	for _, s := range a.Steps {
		times.Steps = append(times.Steps, StepTimes{s.Step, s.At.Milliseconds(), s.Took.Milliseconds()})
	}
	return times
}
