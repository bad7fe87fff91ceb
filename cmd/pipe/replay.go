package main

import (
	"github.com/spf13/cobra"

	"pipe/cmd/pipe/internal/app"
)

func replayCommand(std app.Std) *cobra.Command {
	var f app.ReplayOptions
	cmd := &cobra.Command{
		Use:   "replay SPEC --item KEY",
		Short: "Try the spec as it is now on the kept page of a failed attempt",
		Long: "Opens the copy of the page that was kept of an item's failed attempt, in a browser without a network,\n" +
			"and walks the spec as it is now from the step that failed: what reads is done, what acts is looked for.\n" +
			"It tells what each target finds, what is most like one that finds nothing, and where the copy ends.\n\n" +
			"Exits with 0 when the step that failed would find what it needs, and with 1 when not, or when no page\n" +
			"was kept.",
		Args: cobra.ExactArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			return app.ReplayItem(cmd.Context(), args[0], f, std)
		},
	}
	keptFlags(cmd, &f.KeptOptions)
	flags := cmd.Flags()
	flags.StringVar(&f.Item, "item", "", "the item's `KEY`")
	flags.IntVar(&f.Attempt, "attempt", 0, "the attempt's number `N`, as `pipe show` has it; default the newest of which a page was kept")
	flags.BoolVar(&f.AsJSON, "json", false, "tell what happens as lines of JSON")
	_ = cmd.MarkFlagRequired("item")
	return cmd
}
