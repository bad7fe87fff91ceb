package main

import (
	"github.com/spf13/cobra"

	"pipe/cmd/pipe/internal/app"
)

func historyCommand(std app.Std) *cobra.Command {
	var f app.KeptOptions
	cmd := &cobra.Command{
		Use:   "history SPEC",
		Short: "List the runs: when, how long, what they did, how they ended",
		Long: "Lists the runs of a spec, with how many items each settled and at which rate, and tells those that were\n" +
			"killed from those that ended. The newest is held against the ten before it.",
		Args: cobra.ExactArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			return app.History(cmd.Context(), args[0], f, std)
		},
	}
	keptFlags(cmd, &f)
	cmd.Flags().BoolVar(&f.AsJSON, "json", false, "all runs as JSON")
	return cmd
}
