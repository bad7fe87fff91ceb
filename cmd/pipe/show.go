package main

import (
	"github.com/spf13/cobra"

	"pipe/cmd/pipe/internal/app"
)

func showCommand(std app.Std) *cobra.Command {
	var f app.KeptOptions
	cmd := &cobra.Command{
		Use:   "show SPEC KEY",
		Short: "Tell all that is known of an item",
		Long: "Tells where an item stands, its row of the source, its record, its files compared with the disk, the steps\n" +
			"that are done once for it, each of its attempts with the times of its steps, and where evidence of its\n" +
			"failures is.",
		Args: cobra.ExactArgs(2),
		RunE: func(cmd *cobra.Command, args []string) error {
			return app.Show(cmd.Context(), args[0], args[1], f, std)
		},
	}
	keptFlags(cmd, &f)
	cmd.Flags().BoolVar(&f.AsJSON, "json", false, "all of it as JSON")
	return cmd
}
