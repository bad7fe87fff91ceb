package main

import (
	"github.com/spf13/cobra"
)

// specNames completes the names of specs on the command line.
func specNames(*cobra.Command, []string, string) ([]cobra.Completion, cobra.ShellCompDirective) {
	return []cobra.Completion{"yaml", "yml"}, cobra.ShellCompDirectiveFilterFileExt
}
