package specs

// What bounds the work on expressions that are made to do harm.
const (
	// expressionsMost is how many expressions are compiled, namesMost how many
	// names of one kind each is held against.
	expressionsMost = 20_000
	namesMost       = 1_000
	// codeMost bounds an expression's and a selector's length: their parsers go
	// as deep as the text is nested.
	codeMost = 10_000
)
