// Command pipe runs declarative specs that bring files and records home from
// web sites. See README.md at the repository's root.
package main

import (
	"context"
	"os"
)

func main() {
	os.Exit(execute(context.Background(), os.Args[1:], streams{in: os.Stdin, out: os.Stdout, err: os.Stderr}))
}
