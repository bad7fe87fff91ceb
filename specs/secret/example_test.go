package secret_test

import (
	"fmt"

	"pipe/specs/secret"
)

// A secret that was given out is taken out of every text from then on.
func ExampleStore_Redact() {
	store := secret.New(func(name string) (string, bool) { return "hush-hush", name == "TOKEN" })
	token, ok := store.Lookup("TOKEN")
	fmt.Println(len(token), ok, store.Redact("the site refused hush-hush"))
	// Output: 9 true the site refused ***
}
