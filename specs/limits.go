package specs

// What bounds the work on a file that is no spec, or is made to do harm.
const (
	// visitsMost is how many values are read. Aliases make a small file large:
	// what stands behind one is read each time.
	visitsMost = 300_000
	// chainMost is how deep blocks and files stand within one another,
	// MaxProfiles how many profiles a spec has.
	chainMost   = 20
	MaxProfiles = 50
	// varMost is the longest value of a var, in bytes: one may be made of others.
	varMost = 256 << 10
)
