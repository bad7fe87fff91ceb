package main

import (
	"github.com/spf13/cobra"

	"pipe/cmd/pipe/internal/app"
)

func recordCommand(std app.Std) *cobra.Command {
	var f app.RecordOptions
	cmd := &cobra.Command{
		Use:   "record URL",
		Short: "Do the job once by hand, in a window, and have the spec written",
		Long: "Opens a window at the address. Log in, go to the list, open one item and get its file, as you always\n" +
			"do; then close the window, or press Ctrl-C. The spec that does the same for all items is written: what\n" +
			"you typed to log in is not in it, but read from the environment.",
		Args: cobra.ExactArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			return app.Record(cmd.Context(), args[0], f, std)
		},
	}
	cmd.Flags().StringArrayVar(&f.Items, "item", nil, "the `KEY` of the item that you do; give it twice and do the job for both: what differs is the variable. Default: guessed")
	cmd.Flags().StringVarP(&f.To, "output", "o", "", "the `FILE` to write; default NAME.yaml, after the site")
	cmd.Flags().BoolVar(&f.Force, "force", false, "write over a file that is there")
	cmd.Flags().StringVar(&f.Browser, "browser", "", "`PATH`, chromium or chrome; default the best there is")
	cmd.Flags().IntVar(&f.DebugPort, "debug-port", 0, "let another program work the window, by the DevTools protocol at this `PORT` of the machine; no second Playwright")
	return cmd
}
