package main

import (
	"github.com/spf13/cobra"

	"pipe/cmd/pipe/internal/app"
)

func verifyCommand(std app.Std) *cobra.Command {
	r := app.SpecOptions{Lenient: true}
	var out string
	var asJSON bool
	cmd := &cobra.Command{
		Use:   "verify SPEC",
		Short: "Prove all files on record once more, and find those that are on none",
		Long: "Holds every file on record against the ledger (is it there, are its bytes the same?) and\n" +
			"against what the spec now expects of it, and finds files that no item has. Works while a run is\n" +
			"under way. Names each file that is\n\n" +
			"  missing    on record and not there\n" +
			"  altered    of other bytes than those on record\n" +
			"  wrong      not what the spec expects\n" +
			"  unchecked  taken by a capture that the spec does not have any more\n" +
			"  orphaned   there and of no item that is done\n\n" +
			"Exits with 1 when there is one.",
		Args: cobra.ExactArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			spec, secrets, dir, err := r.LoadFolder(args[0], out)
			if err != nil {
				return err
			}
			v := &app.Verification{Options: r, Spec: spec, Dir: dir, Report: app.PlainVerdicts(std, secrets)}
			if asJSON {
				v.Report = app.JSONVerdicts(std, secrets)
			}
			return app.RedactError(v.Run(cmd.Context()), secrets)
		},
	}
	cmd.Flags().StringVar(&out, "out", "", "the output `FOLDER`; default out/NAME")
	cmd.Flags().BoolVar(&asJSON, "json", false, "tell each file, and the sum, as a line of JSON")
	specFlags(cmd, &r)
	return cmd
}
