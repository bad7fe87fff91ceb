package main

import (
	"github.com/spf13/cobra"

	"pipe/cmd/pipe/internal/app"
)

func traceCommand(std app.Std) *cobra.Command {
	var f app.TraceOptions
	cmd := &cobra.Command{
		Use:   "trace SPEC KEY",
		Short: "Show the trace of a failed attempt",
		Long: "Shows the newest trace of an item's failed attempts, which `pipe run --trace` makes, in the trace viewer that\n" +
			"the browser's driver ships. It is served on this machine alone, prints its address, is opened in the\n" +
			"browser of a desktop where there is one, and needs no network. Ctrl-C ends it.",
		Args: cobra.ExactArgs(2),
		RunE: func(cmd *cobra.Command, args []string) error {
			return app.ShowTrace(cmd.Context(), args[0], args[1], f, std)
		},
	}
	keptFlags(cmd, &f.KeptOptions)
	cmd.Flags().IntVar(&f.Attempt, "attempt", 0, "the attempt's number `N`, as `pipe show` has it; default the newest that was traced")
	cmd.Flags().IntVar(&f.Port, "port", 0, "the `PORT` to serve at; default any that is free")
	return cmd
}
