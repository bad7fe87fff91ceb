package orderedjson_test

import (
	"errors"
	"fmt"
	"os"

	"pipe/pipeline/orderedjson"
)

// Members come in the order in which they are added.
func ExampleObject() {
	o := orderedjson.NewObject(os.Stdout, " ")
	err := errors.Join(o.Add("vin", "W1"), o.Add("make", "Town & Country"), o.End())
	if err != nil {
		fmt.Println(err)
	}
	// Output: {"vin": "W1", "make": "Town & Country"}
}
