package file_test

import (
	"context"
	"fmt"
	"strings"

	"pipe/pipeline/source/file"
)

func ExampleJSON() {
	document := strings.NewReader(`{"data": {"vehicles": [{"stock": "24K0173", "price": 9}]}}`)
	for row, err := range file.JSON(context.Background(), document, "/data/vehicles") {
		fmt.Println(row.Fields["stock"], row.Fields["price"], err)
	}
	// Output: 24K0173 9 <nil>
}
