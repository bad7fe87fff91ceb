package main

import (
	"github.com/spf13/cobra"

	"pipe/cmd/pipe/internal/app"
	"pipe/specs/schema"
	"pipe/steps"
)

func stepsCommand(std app.Std) *cobra.Command {
	var functions, markdown bool
	var to string
	cmd := &cobra.Command{
		Use:   "steps [NAME]",
		Short: "Tell the steps that there are, or all about one",
		Args:  cobra.MaximumNArgs(1),
		RunE: func(_ *cobra.Command, args []string) error {
			switch {
			case functions && len(args) == 1:
				text, err := app.OneFunction(args[0])
				if err != nil {
					return app.Exit(app.ExitSpec, err)
				}
				return app.WriteOutput(std, to, text)
			case functions:
				return app.WriteOutput(std, to, app.FunctionList())
			case markdown:
				return app.WriteOutput(std, to, schema.Reference(steps.Verbs()))
			case len(args) == 1:
				text, err := app.OneStep(args[0])
				if err != nil {
					return app.Exit(app.ExitSpec, err)
				}
				return app.WriteOutput(std, to, text)
			default:
				return app.WriteOutput(std, to, app.StepList())
			}
		},
		ValidArgsFunction: func(_ *cobra.Command, args []string, _ string) ([]cobra.Completion, cobra.ShellCompDirective) {
			var names []cobra.Completion
			switch {
			case len(args) > 0:
			case functions:
				for _, f := range app.AllFunctions() {
					names = append(names, cobra.CompletionWithDesc(f.Name, f.Doc))
				}
			default:
				for _, v := range steps.Verbs() {
					names = append(names, cobra.CompletionWithDesc(v.Name, v.Doc))
				}
			}
			return names, cobra.ShellCompDirectiveNoFileComp
		},
	}
	cmd.Flags().BoolVar(&functions, "functions", false, "the names and functions that expressions know, or all about the function NAME")
	cmd.Flags().BoolVar(&markdown, "markdown", false, "the whole language, as the reference page")
	cmd.Flags().StringVarP(&to, "output", "o", "", "write to a `FILE`")
	cmd.MarkFlagsMutuallyExclusive("functions", "markdown")
	return cmd
}
