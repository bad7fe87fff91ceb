package specs

// What bounds the work on a file that is no spec, or is made to do harm.
const (
	// maxSpec is the largest spec that is read, with all its files, in bytes.
	maxSpec = 4 << 20
	// depthMost is how deep a spec is nested, aliases followed: an alias may
	// stand inside of what it names.
	depthMost = 50
	// faultsMost is how many faults are told.
	faultsMost = 1_000
	// filesMost is how many files a spec includes.
	filesMost = 100
)
