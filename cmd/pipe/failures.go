package main

import (
	"github.com/spf13/cobra"

	"pipe/cmd/pipe/internal/app"
)

func failuresCommand(std app.Std) *cobra.Command {
	var f app.KeptOptions
	cmd := &cobra.Command{
		Use:   "failures SPEC",
		Short: "Tell why items failed, by cause, and what to do",
		Long: "Groups the items that failed by class and step. Each cause has the spec's line, a sample's reason, the\n" +
			"first keys, where its evidence is, and the command that goes on from it.\n\n" +
			"Exits with 1 when an item failed.",
		Args: cobra.ExactArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			return app.Failures(cmd.Context(), args[0], f, std)
		},
	}
	keptFlags(cmd, &f)
	cmd.Flags().BoolVar(&f.AsJSON, "json", false, "the causes as JSON")
	return cmd
}
