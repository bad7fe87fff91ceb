package main

import (
	"fmt"

	"github.com/spf13/cobra"

	"pipe/cmd/pipe/internal/app"
)

func validateCommand(std app.Std) *cobra.Command {
	var r app.SpecOptions
	var asJSON, asSARIF bool
	cmd := &cobra.Command{
		Use:   "validate SPEC…",
		Short: "Find all that is wrong in specs, without a browser",
		Long: "Reads each spec as `pipe run` would, and tells every fault with its file, line and column,\n" +
			"with the line under it. A folder stands for the .yaml and .yml files in it and below, and a\n" +
			"pattern such as 'sites/**/*.yaml' for what it matches. Without --profile a spec is checked with\n" +
			"each of its profiles too. A file of steps, or of blocks and vars, that specs include is checked by\n" +
			"itself. Exits with 2 when there is a fault.",
		Args: cobra.MinimumNArgs(1),
		RunE: func(_ *cobra.Command, args []string) error {
			paths, err := app.SpecPaths(args)
			if err != nil {
				return app.Exit(app.ExitSpec, err)
			}
			found := make([]app.Checked, len(paths))
			faults := 0
			for i, path := range paths {
				found[i] = r.Judge(path)
				faults += len(found[i].Faults)
			}
			switch {
			case asJSON:
				err = app.WriteJSON(std, struct {
					Faults int           `json:"faults"`
					Specs  []app.Checked `json:"specs"`
				}{faults, found})
			case asSARIF:
				err = app.WriteJSON(std, app.SarifOf(found))
			default:
				for _, v := range found {
					v.Print(std)
				}
			}
			if err == nil && faults > 0 {
				fmt.Fprintf(std.Err, "pipe: %s\n", app.Count(faults, "fault"))
				return app.Exit(app.ExitSpec, nil)
			}
			return err
		},
	}
	specFlags(cmd, &r)
	cmd.Flags().BoolVar(&asJSON, "json", false, "the faults as JSON")
	cmd.Flags().BoolVar(&asSARIF, "sarif", false, "the faults as SARIF 2.1.0, for code hosts and editors")
	cmd.MarkFlagsMutuallyExclusive("json", "sarif")
	return cmd
}
