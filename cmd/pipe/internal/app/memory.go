package app

import (
	"os"
	"runtime/debug"
)

// garbageShare is how much garbage this program keeps before it is collected, in
// percent of what it needs: its browser needs the memory, and most of the processors'
// time is the browser's too.
const garbageShare = 50

// SpareMemory collects garbage sooner than Go does by itself, unless GOGC says how.
func SpareMemory() {
	if os.Getenv("GOGC") == "" {
		debug.SetGCPercent(garbageShare)
	}
}
