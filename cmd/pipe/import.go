package main

import (
	"strings"

	"github.com/spf13/cobra"

	"pipe/cmd/pipe/internal/app"
)

func importCommand(std app.Std) *cobra.Command {
	var o app.ImportOptions
	cmd := &cobra.Command{
		Use:   "import FILE",
		Short: "Make a spec of what another program has recorded",
		Long: "Makes a spec of a recording: of Chrome's DevTools, of Playwright's codegen (jsonl, JavaScript,\n" +
			"TypeScript, Python), of Selenium IDE, UI.Vision or iMacros, or of an archive of requests (HAR).\n" +
			"Which of them it is, its content shows. What was typed to log in becomes secrets, and the values\n" +
			"of the item that was recorded become expressions, wherever they occur. What cannot be translated\n" +
			"stands as a comment in its place, and is told with its line.",
		Args: cobra.ExactArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			return app.Import(cmd.Context(), args[0], o, std)
		},
	}
	draftFlags(cmd, &o.DraftOptions)
	cmd.Flags().StringVar(&o.Format, "format", "", "what the file is: "+strings.Join(app.ImportFormats(), ", ")+"; default: found from its content")
	return cmd
}

// draftFlags are those of the commands that write a spec of a recording.
func draftFlags(cmd *cobra.Command, o *app.DraftOptions) {
	cmd.Flags().StringVarP(&o.To, "output", "o", "", "the spec's file, whose name is the spec's; default NAME.yaml, made of the site's name")
	cmd.Flags().StringArrayVar(&o.Items, "item", nil, "the key of the item that was recorded, as it is on the site; twice, where the same was done for two items: what differs is the variable")
	cmd.Flags().StringVar(&o.List, "list", "", "a file with the items, as CSV, XLSX or JSON: the spec's source, or an example of what the site exports, where that was recorded")
	cmd.Flags().BoolVar(&o.Force, "force", false, "write over a file that is there")
}
