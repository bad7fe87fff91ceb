// Command pipe runs declarative specs that bring files and records home from
// web sites. See README.md at the repository's root.
package main

import (
	"context"
	"os"

	"pipe/cmd/pipe/internal/app"
)

func main() {
	os.Exit(execute(context.Background(), os.Args[1:], app.Std{In: os.Stdin, Out: os.Stdout, Err: os.Stderr}))
}
