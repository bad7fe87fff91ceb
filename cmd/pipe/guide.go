package main

import (
	"github.com/spf13/cobra"

	"pipe/cmd/pipe/internal/app"
)

func guideCommand(std app.Std) *cobra.Command {
	var to string
	cmd := &cobra.Command{
		Use:   "guide [PAGE|SPEC]",
		Short: "Print a page of the guide, the reference, or a shipped spec",
		Example: `  pipe guide                  which there are
  pipe guide writing          a page of the guide
  pipe guide reference        every field, step and function
  pipe guide app.yaml         a shipped spec, to begin with`,
		Args: cobra.MaximumNArgs(1),
		RunE: func(_ *cobra.Command, args []string) error {
			if len(args) == 0 {
				return app.WriteOutput(std, to, app.GuideList())
			}
			text, err := app.GuideText(args[0])
			if err != nil {
				return app.Exit(app.ExitSpec, err)
			}
			return app.WriteOutput(std, to, text)
		},
		ValidArgsFunction: func(_ *cobra.Command, args []string, _ string) ([]cobra.Completion, cobra.ShellCompDirective) {
			if len(args) > 0 {
				return nil, cobra.ShellCompDirectiveNoFileComp
			}
			return app.GuideNames(), cobra.ShellCompDirectiveNoFileComp
		},
	}
	cmd.Flags().StringVarP(&to, "output", "o", "", "write to a `FILE`")
	return cmd
}
