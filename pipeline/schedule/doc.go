// Package schedule runs specs at their times, and writes the files that have others do
// so: systemd, crontab, Kubernetes, the Task Scheduler of Windows.
//
// [Runner] waits for the times of one spec. What it does then it is told. When it ran
// last it keeps in a file, so that what was missed can be made up for. It imports specs
// and atomicfile.
package schedule

import "pipe/specs"

// Job is a spec that is run at its times.
type Job struct {
	// Name names it: its output folder's name.
	Name string
	// When are its times.
	When *specs.Schedule
	// Dir is the working directory, an absolute path, and Command what is run there, the
	// program first.
	Dir     string
	Command []string
}
