package main

import (
	"github.com/spf13/cobra"

	"pipe/cmd/pipe/internal/app"
)

func cleanCommand(std app.Std) *cobra.Command {
	r := app.SpecOptions{Lenient: true}
	var out string
	var yes bool
	cmd := &cobra.Command{
		Use:   "clean SPEC",
		Short: "Free what the output folder need not keep, by the spec's keep",
		Long: "Tells what the spec's keep does not keep of old runs, evidence and versions of files, and with\n" +
			"--yes frees it. Files and records of items are never touched, and nothing is while a run is at\n" +
			"work. A clean-up that is cut short is finished by the next one, or by the next run.",
		Args: cobra.ExactArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			spec, secrets, dir, err := r.LoadFolder(args[0], out)
			if err != nil {
				return err
			}
			return app.RedactError(app.Clean(cmd.Context(), spec, dir, yes, std), secrets)
		},
	}
	profileFlag(cmd, &r)
	cmd.Flags().StringVar(&out, "out", "", "the output `FOLDER`; default out/NAME")
	cmd.Flags().BoolVar(&yes, "yes", false, "free it, and not only tell")
	return cmd
}
