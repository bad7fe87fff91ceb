package client_test

import (
	"fmt"

	"pipe/pipeline/client"
)

// An address is the page's to complete, which is told to its own host alone.
func ExampleResolve() {
	fmt.Println(client.Resolve("http://dealer.test/inventory?page=2", "/report/7.pdf"))
	fmt.Println(client.Resolve("http://dealer.test/inventory", "http://files.test/7.pdf"))
	// Output:
	// http://dealer.test/report/7.pdf http://dealer.test/inventory?page=2 <nil>
	// http://files.test/7.pdf  <nil>
}
