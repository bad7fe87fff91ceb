package main

import (
	"github.com/spf13/cobra"

	"pipe/cmd/pipe/internal/app"
)

func fmtCommand(std app.Std) *cobra.Command {
	var check bool
	cmd := &cobra.Command{
		Use:   "fmt SPEC…",
		Short: "Put the fields of specs in their one order",
		Long: "Puts the fields of each mapping of a spec in the order of the language, so that changes in git are\n" +
			"small. Comments go with what they stand above; nothing else changes. A folder stands for the specs\n" +
			"in it and below, - for a spec on standard input, which goes to standard output.",
		Args: cobra.MinimumNArgs(1),
		RunE: func(_ *cobra.Command, args []string) error {
			if len(args) == 1 && args[0] == "-" && !check {
				return app.FormatStream(std)
			}
			paths, err := app.SpecPaths(args)
			if err != nil {
				return app.Exit(app.ExitSpec, err)
			}
			code := app.ExitDone
			for _, path := range paths {
				code = max(code, app.FormatFile(std, path, check))
			}
			return app.Exit(code, nil)
		},
	}
	cmd.Flags().BoolVar(&check, "check", false, "change nothing; name the specs that are not in order, and exit with 1")
	return cmd
}
