package main

import (
	"github.com/spf13/cobra"

	"pipe/cmd/pipe/internal/app"
)

// tagUsageErrors has cobra's own errors be usage errors where they arise: of
// flags, and of arguments.
func tagUsageErrors(root *cobra.Command, args []string) {
	root.SetFlagErrorFunc(func(_ *cobra.Command, err error) error { return app.UsageError(err) })
	root.InitDefaultHelpCmd()
	root.InitDefaultCompletionCmd(args...)
	tagArgs(root.Commands())
}

// knownCommand fails for a command that there is none of, as cobra does without
// a hook. The command by which shells complete is there only while it runs.
func knownCommand(root *cobra.Command, args []string) error {
	if len(args) > 0 && (args[0] == cobra.ShellCompRequestCmd || args[0] == cobra.ShellCompNoDescRequestCmd) {
		return nil
	}
	if _, _, err := root.Find(args); err != nil {
		return app.UsageError(err)
	}
	return nil
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
