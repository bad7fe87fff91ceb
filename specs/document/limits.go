package document

// What bounds the work on a file that is no spec, or is made to do harm.
const (
	// MaxSize is the largest spec that is read, with all its files, in bytes.
	MaxSize = 4 << 20
	// MaxDepth is how deep a spec is nested, aliases followed: an alias may
	// stand inside of what it names.
	MaxDepth = 50
	// faultsMost is how many faults are told.
	faultsMost = 1_000
	// filesMost is how many files a spec includes.
	filesMost = 100
)
