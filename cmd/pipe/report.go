package main

import (
	"fmt"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"pipe/cmd/pipe/internal/app"
	"pipe/pipeline/report/render"
)

func reportCommand(std app.Std) *cobra.Command {
	var f app.ReportOptions
	cmd := &cobra.Command{
		Use:   "report SPEC",
		Short: "Write what came of a run as a page, or for other programs",
		Long: "Writes the report of the newest run, or of another: what came of it, why items failed with a\n" +
			"sample's evidence and the command that goes on, charts, and all items. Each run leaves its page as\n" +
			"report.html in the output folder; this makes it anew, or another form of it:\n\n" +
			"  html   a page that needs nothing beside itself\n" +
			"  md     text for a message or a ticket\n" +
			"  json   all of it, for programs\n" +
			"  junit  each item as a test case, for build servers\n" +
			"  csv    each item as a line, for spreadsheets",
		Args: cobra.ExactArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			if !slices.Contains(render.Formats(), f.Format) {
				return app.UsageError(fmt.Errorf("--format is one of %s, not %q", strings.Join(render.Formats(), ", "), f.Format))
			}
			return app.Report(cmd.Context(), args[0], f, std)
		},
	}
	keptFlags(cmd, &f.KeptOptions)
	cmd.Flags().Int64Var(&f.Run, "run", 0, "the run's number `N`, as `pipe history` has it; default the newest")
	cmd.Flags().StringVar(&f.Format, "format", "html", "html, md, json, junit or csv")
	cmd.Flags().StringVarP(&f.To, "output", "o", "", "the `FILE` to write, - for standard output, which is the default of all but html: that goes to report.html in the output folder")
	return cmd
}

// keptFlags are those of commands that look at what runs have kept.
func keptFlags(cmd *cobra.Command, f *app.KeptOptions) {
	specFlags(cmd, &f.SpecOptions)
	cmd.Flags().StringVar(&f.Out, "out", "", "the output `FOLDER`; default out/NAME")
}
