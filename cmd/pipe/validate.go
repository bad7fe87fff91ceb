package main

import (
	"github.com/spf13/cobra"

	"pipe/cmd/pipe/internal/app"
)

func validateCommand(std app.Std) *cobra.Command {
	var f app.ValidateOptions
	cmd := &cobra.Command{
		Use:   "validate SPEC…",
		Short: "Find all that is wrong in specs, without a browser",
		Long: "Reads each spec as `pipe run` would, and tells every fault with its file, line and column,\n" +
			"with the line under it. A folder stands for the .yaml and .yml files in it and below, and a\n" +
			"pattern such as 'sites/**/*.yaml' for what it matches. Without --profile a spec is checked with\n" +
			"each of its profiles too. A file of steps, or of blocks and vars, that specs include is checked by\n" +
			"itself. With --no-env, for a machine that has neither secrets nor variables, these are taken for given,\n" +
			"as are files that the spec names and that are not there; those that are there are looked at, and those\n" +
			"that it includes must be. Exits with 2 when there is a fault.",
		Args: cobra.MinimumNArgs(1),
		RunE: func(_ *cobra.Command, args []string) error {
			return app.Validate(args, f, std)
		},
	}
	specFlags(cmd, &f.SpecOptions)
	cmd.Flags().BoolVar(&f.AsJSON, "json", false, "the faults as JSON")
	cmd.Flags().BoolVar(&f.AsSARIF, "sarif", false, "the faults as SARIF 2.1.0, for code hosts and editors")
	cmd.Flags().BoolVar(&f.Given, "no-env", false, "take environment variables, secrets and files that are not there for given, and check all else")
	cmd.MarkFlagsMutuallyExclusive("no-env", "secrets")
	cmd.MarkFlagsMutuallyExclusive("json", "sarif")
	return cmd
}
