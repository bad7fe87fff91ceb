package document_test

import (
	"fmt"

	"pipe/specs/document"
)

func ExampleDidYouMean() {
	fmt.Println("unknown field" + document.DidYouMean("selctor", []string{"role", "selector", "text"}))
	// Output: unknown field (did you mean "selector"?)
}
