package expr

// What bounds the work on expressions that are made to do harm.
const (
	// expressionsMost is how many expressions are compiled, MaxNames how many
	// names of one kind each is held against.
	expressionsMost = 20_000
	MaxNames        = 1_000
	// MaxCode bounds an expression's and a selector's length: their parsers go
	// as deep as the text is nested.
	MaxCode = 10_000
)
