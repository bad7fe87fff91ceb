package specs

// What bounds the work on a file that is no spec, or is made to do harm.
const (
	// maxSpec is the largest spec file that is read, in bytes.
	maxSpec = 4 << 20
	// visitsMost is how many values are read. Aliases make a small file large:
	// what stands behind one is read each time.
	visitsMost = 300_000
	// depthMost is how deep a spec is nested, aliases followed: an alias may
	// stand inside of what it names.
	depthMost = 50
	// faultsMost is how many faults are told.
	faultsMost = 1_000
	// expressionsMost is how many expressions are compiled, namesMost how many
	// names of one kind each is held against.
	expressionsMost = 20_000
	namesMost       = 1_000
	// codeMost bounds an expression's and a selector's length: their parsers go
	// as deep as the text is nested.
	codeMost = 10_000
	// filesMost is how many files a spec includes, chainMost how deep blocks and
	// files stand within one another, profilesMost how many profiles it has.
	filesMost    = 100
	chainMost    = 20
	profilesMost = 50
	// varMost is the longest value of a var, in bytes: one may be made of others.
	varMost = 256 << 10
)
