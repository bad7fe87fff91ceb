package file_test

import (
	"context"
	"fmt"
	"strings"

	"pipe/pipeline/source/file"
)

func ExampleCSV() {
	rows := file.CSV(context.Background(), strings.NewReader("stock;price\n24K0173;9\n"), file.CSVOptions{})
	for row, err := range rows {
		fmt.Println(row.Fields["stock"], row.Fields["price"], err)
	}
	// Output: 24K0173 9 <nil>
}
