package main

import (
	"fmt"
	"strings"

	"github.com/spf13/cobra"

	"pipe/cmd/pipe/internal/app"
)

// tagUsageErrors has cobra's own errors be usage errors where they arise: of
// flags, of arguments, and of a command that there is none of.
func tagUsageErrors(root *cobra.Command, args []string) {
	root.Args = knownCommand
	root.RunE = func(cmd *cobra.Command, _ []string) error { return cmd.Help() }
	// It runs for its arguments to be looked at: alone it is no use to anyone.
	root.SetUsageTemplate(strings.Replace(root.UsageTemplate(), "{{if .Runnable}}", "{{if and .Runnable .HasParent}}", 1))
	root.SetFlagErrorFunc(func(cmd *cobra.Command, err error) error {
		// A flag after a wrong command is unknown for that.
		if !cmd.HasParent() && cmd.Flags().NArg() > 0 {
			return knownCommand(cmd, cmd.Flags().Args())
		}
		return app.UsageError(err)
	})
	root.InitDefaultHelpCmd()
	root.InitDefaultCompletionCmd(args...)
	tagArgs(root.Commands())
}

func tagArgs(cmds []*cobra.Command) {
	for _, cmd := range cmds {
		cmd.Args = usageArgs(cmd.Args)
		tagArgs(cmd.Commands())
	}
}

// usageArgs looks at a command's arguments, and at what its flags must be
// together, which cobra itself does later.
func usageArgs(check cobra.PositionalArgs) cobra.PositionalArgs {
	return func(cmd *cobra.Command, args []string) error {
		var err error
		if check != nil {
			err = check(cmd, args)
		}
		if err == nil {
			err = cmd.ValidateRequiredFlags()
		}
		if err == nil {
			err = cmd.ValidateFlagGroups()
		}
		if err != nil {
			return app.UsageError(err)
		}
		return nil
	}
}

// knownCommand is for the root: what is an argument to it is no command.
func knownCommand(root *cobra.Command, args []string) error {
	if len(args) == 0 {
		return nil
	}
	text := fmt.Sprintf("unknown command %q for %q", args[0], root.CommandPath())
	root.SuggestionsMinimumDistance = 2
	if near := root.SuggestionsFor(args[0]); len(near) > 0 {
		text += "\n\nDid you mean this?\n\t" + strings.Join(near, "\n\t") + "\n"
	}
	return app.UsageError(fmt.Errorf("%s", text))
}
