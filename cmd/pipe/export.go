package main

import (
	"fmt"
	"strings"

	"github.com/spf13/cobra"

	"pipe/cmd/pipe/internal/app"
	"pipe/pipeline/report/export"
)

func exportCommand(std app.Std) *cobra.Command {
	var f app.ExportOptions
	cmd := &cobra.Command{
		Use:   "export items|attempts|runs|files SPEC",
		Short: "Write what is on record as a table, for other programs",
		Long: "Writes all items of the list, all attempts, all runs, or all files that are on record, as one table:\n\n" +
			"  json     one array, each row on a line of its own\n" +
			"  csv      for spreadsheets: what would be a formula has an apostrophe in front\n" +
			"  parquet  typed and compressed, for data frames and databases\n\n" +
			"A column has one name in all formats, and times are in UTC. Rows are streamed, a million take no more memory than a thousand." + exportColumns(),
		Args:      cobra.ExactArgs(2),
		ValidArgs: export.Tables(),
		RunE: func(cmd *cobra.Command, args []string) error {
			return app.Export(cmd.Context(), args[0], args[1], f, std)
		},
	}
	keptFlags(cmd, &f.KeptOptions)
	cmd.Flags().StringVar(&f.Format, "format", "json", strings.Join(export.Formats(), ", "))
	cmd.Flags().StringVarP(&f.To, "output", "o", "", "the `FILE` to write; default standard output")
	return cmd
}

// exportColumns tells the columns of the tables.
func exportColumns() string {
	var text strings.Builder
	for _, table := range export.Tables() {
		fmt.Fprintf(&text, "\n\nColumns of %s:", table)
		for _, c := range export.Columns(table) {
			fmt.Fprintf(&text, "\n  %-11s %s", c.Name, c.Doc)
		}
	}
	return text.String()
}
