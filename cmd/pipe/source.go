package main

import (
	"github.com/spf13/cobra"

	"pipe/cmd/pipe/internal/app"
)

func sourceCommand(std app.Std) *cobra.Command {
	var f app.SourceOptions
	cmd := &cobra.Command{
		Use:   "source SPEC",
		Short: "Read a spec's source alone, and tell what it gives",
		Long: "Reads the source and no item: each step on the site is told with its time and what it found, then what\n" +
			"the file turned out to be, how many rows, items, duplicates and bad rows there are, all columns with how\n" +
			"many rows fill them, and the first items. Nothing is written.\n\n" +
			"Exits with 1 when a step failed, a row is no item or there is none.",
		Args: cobra.ExactArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			return app.ReadSource(cmd.Context(), args[0], f, std)
		},
	}
	specFlags(cmd, &f.SpecOptions)
	flags := cmd.Flags()
	flags.StringVar(&f.Until, "until", "", "go no further than this `STEP` of the source, by its path such as source.export.steps[2] or its name")
	flags.StringVar(&f.Shots, "screenshots", "", "keep a picture of the page after each step in this `FOLDER`; secrets are covered")
	flags.IntVar(&f.Samples, "samples", 3, "show the first `N` items with all their columns")
	flags.BoolVar(&f.Headless, "headless", false, "show no window")
	flags.BoolVar(&f.AsJSON, "json", false, "tell what happens as lines of JSON")
	return cmd
}
