package main

import (
	"errors"

	"github.com/spf13/cobra"

	"pipe/cmd/pipe/internal/app"
)

func notifyCommand(std app.Std) *cobra.Command {
	var f app.SpecOptions
	var test bool
	cmd := &cobra.Command{
		Use:   "notify SPEC",
		Short: "Send a test message to those whom a spec tells of its runs",
		Long: "With --test, sends each target of the spec's notify a message, and says of each whether it\n" +
			"went. Exits with 3 when one did not. Runs themselves tell what the spec says.",
		Args: cobra.ExactArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			if !test {
				return app.UsageError(errors.New("pipe notify sends nothing but tests: give --test"))
			}
			return app.TestNotify(cmd.Context(), args[0], f, std)
		},
	}
	specFlags(cmd, &f)
	cmd.Flags().BoolVar(&test, "test", false, "send a test message")
	return cmd
}
