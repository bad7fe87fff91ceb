package main

import (
	"github.com/spf13/cobra"

	"pipe/cmd/pipe/internal/app"
	"pipe/pipeline/report/console"
	"pipe/specs/schema"
	"pipe/steps"
)

func schemaCommand(std app.Std) *cobra.Command {
	var to string
	var part, events bool
	cmd := &cobra.Command{
		Use:   "schema",
		Short: "Print the JSON Schema of specs, for editors",
		Long: "Prints the JSON Schema (draft 2020-12) of specs. Editors with a YAML language server complete and\n" +
			"explain a spec that has it beside it and begins with\n\n" +
			"    # yaml-language-server: $schema=" + schema.File + "\n\n" +
			"With --part it is that of the files that specs include; it refers to the other, which stands beside it.\n\n" +
			"With --events it is that of the lines that `pipe run --json` writes.",
		Args: cobra.NoArgs,
		RunE: func(*cobra.Command, []string) error {
			switch {
			case events:
				all, err := console.EventsSchema()
				if err != nil {
					return err
				}
				return app.WriteOutput(std, to, all)
			case part:
				return app.WriteOutput(std, to, schema.Part(steps.Verbs()))
			default:
				return app.WriteOutput(std, to, schema.Spec(steps.Verbs()))
			}
		},
	}
	cmd.Flags().StringVarP(&to, "output", "o", "", "write to a `FILE`")
	cmd.Flags().BoolVar(&events, "events", false, "the schema of the lines of pipe run --json")
	cmd.Flags().BoolVar(&part, "part", false, "the schema of the files that specs include: steps, or blocks and vars")
	cmd.MarkFlagsMutuallyExclusive("part", "events")
	return cmd
}
