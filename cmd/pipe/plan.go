package main

import (
	"github.com/spf13/cobra"

	"pipe/cmd/pipe/internal/app"
)

func planCommand(std app.Std) *cobra.Command {
	var f app.PlanOptions
	cmd := &cobra.Command{
		Use:   "plan SPEC",
		Short: "Tell what a run would do, and how long it may take",
		Long: "Reads the source and the ledger, and tells what a run would find: items that are new, to be done,\n" +
			"done, failed before or changed, duplicates and bad rows; with how many pages it would work, and how\n" +
			"long that took before. Nothing is opened but the source, and nothing is written.\n\n" +
			"A source that the site has (export, table, collect) needs a browser and a login: with --export it is read, else\n" +
			"the rows that the last run saw are planned from.",
		Args: cobra.ExactArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			return app.PrintPlan(cmd.Context(), args[0], f, std)
		},
	}
	specFlags(cmd, &f.SpecOptions)
	cmd.Flags().StringVar(&f.Out, "out", "", "the output `FOLDER`; default out/NAME")
	cmd.Flags().BoolVar(&f.Export, "export", false, "read the list that the site has, which takes a browser and a login")
	cmd.Flags().IntVar(&f.Advise, "advise", 0, "look at the first `N` items that are to be done both by a page and without one, and tell where via: http would work")
	cmd.Flags().Lookup("advise").NoOptDefVal = "3"
	cmd.Flags().BoolVar(&f.AsJSON, "json", false, "the plan as JSON")
	return cmd
}
