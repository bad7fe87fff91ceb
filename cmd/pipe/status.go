package main

import (
	"github.com/spf13/cobra"

	"pipe/cmd/pipe/internal/app"
)

func statusCommand(std app.Std) *cobra.Command {
	r := app.SpecOptions{Lenient: true}
	var out string
	var quick bool
	cmd := &cobra.Command{
		Use:   "status SPEC",
		Short: "Tell what is done, failed and pending, and check the files on the disk",
		Long: "Reads the ledger of a spec, also while it runs: in = done + skipped + failed + pending + duplicates.\n" +
			"Each file on record is compared with the disk. Exits with 1 when an item failed or a file is\n" +
			"missing or altered.",
		Args: cobra.ExactArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			spec, secrets, dir, err := r.LoadFolder(args[0], out)
			if err != nil {
				return err
			}
			return app.RedactError(app.Status(cmd.Context(), spec, dir, quick, std), secrets)
		},
	}
	specFlags(cmd, &r)
	cmd.Flags().StringVar(&out, "out", "", "the output `FOLDER`; default out/NAME")
	cmd.Flags().BoolVar(&quick, "quick", false, "compare the files' sizes only, not their bytes")
	return cmd
}
