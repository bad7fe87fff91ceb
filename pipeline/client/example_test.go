package client_test

import (
	"fmt"
	"net/url"

	"pipe/pipeline/client"
)

// An address is the page's to complete.
func ExampleResolve() {
	fmt.Println(client.Resolve("http://dealer.test/inventory?page=2", "/report/7.pdf"))
	fmt.Println(client.Resolve("http://dealer.test/inventory", "http://files.test/7.pdf"))
	// Output:
	// http://dealer.test/report/7.pdf <nil>
	// http://files.test/7.pdf <nil>
}

// Another site is told the origin alone, as browsers do.
func ExampleReferer() {
	page := "http://me:secret@dealer.test/inventory?page=2#row7"
	for _, to := range []string{"http://dealer.test/report/7.pdf", "http://files.test/7.pdf"} {
		at, err := url.Parse(to)
		fmt.Println(client.Referer(page, at, ""), err)
	}
	// Output:
	// http://dealer.test/inventory?page=2 <nil>
	// http://dealer.test/ <nil>
}
