package bench

import (
	"path/filepath"
	"strings"
)

// Kind is what a process is for.
type Kind string

// The kinds of processes.
const (
	Renderer Kind = "renderer"
	Browser  Kind = "browser"
	GPU      Kind = "gpu"
	// Utility is the browser's network service and its like.
	Utility Kind = "utility"
	// Driver is node: Playwright's driver, and of a peer the script itself too.
	Driver  Kind = "driver"
	Program Kind = "pipe"
	// Other has what else there is, and what the system reckons to the program beyond
	// what was seen of its processes: the last moments of those that end.
	Other Kind = "other"
)

// Kinds are all of them, in the order of the table.
func Kinds() []Kind { return []Kind{Renderer, Browser, GPU, Utility, Driver, Program, Other} }

// kindOf tells by a process's command line what it is; program is the executable of the
// pipe that is measured, "" where a peer is. A process of Chromium names its type by a
// switch, but for the browser itself; a zygote counts as the renderers that it becomes.
func kindOf(commandLine, program string) Kind {
	executable, rest, _ := strings.Cut(commandLine, " ")
	if program != "" && strings.HasPrefix(commandLine, program+" ") {
		return Program
	}
	if _, of, typed := strings.Cut(rest, "--type="); typed {
		kind, _, _ := strings.Cut(of, " ")
		switch kind {
		case "renderer", "zygote":
			return Renderer
		case "gpu-process":
			return GPU
		case "utility":
			return Utility
		}
		return Other
	}
	name := strings.ToLower(filepath.Base(executable))
	switch {
	case name == "node" || name == "node.exe":
		return Driver
	case strings.Contains(rest, "--remote-debugging-p"):
		return Browser
	}
	return Other
}
