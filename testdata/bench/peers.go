// Package peers holds the programs that `pipe bench` measures pipe against; see README.md.
package peers

import "embed"

// Files are the programs.
//
//go:embed *.mjs
var Files embed.FS
