// Command pipe runs declarative specs that bring files and records home from
// web sites. See README.md at the repository's root.
//
// A command is a file here, with its flags and its help; what it does is in
// package app, which is called with options and knows no flags. The lists of
// verbs and schemas are given out straight from steps and specs.
package main

import (
	"context"
	"os"

	"pipe/cmd/pipe/internal/app"
)

func main() {
	app.SpareMemory()
	os.Exit(execute(context.Background(), os.Args[1:], app.Std{In: os.Stdin, Out: os.Stdout, Err: os.Stderr}))
}
