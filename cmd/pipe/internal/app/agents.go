package app

import (
	_ "embed"
	"slices"
)

// agentsFile is the AGENTS.md of a folder of specs.
//
//go:embed agents.md
var agentsFile []byte

// AgentsFile is what an AGENTS.md in a folder of specs says: how one writes, checks and
// tries a spec there, for people and for their coding assistants.
func AgentsFile() []byte { return slices.Clone(agentsFile) }
