package main

import (
	"github.com/spf13/cobra"

	"pipe/cmd/pipe/internal/app"
)

func debugCommand(std app.Std) *cobra.Command {
	var f app.DebugOptions
	cmd := &cobra.Command{
		Use:   "debug SPEC --item KEY",
		Short: "Do one item step by step, looking around and mending the spec on the way",
		Long: "Does one item as `pipe try` does, into a folder apart, a step at a time: it shows what comes next with\n" +
			"its values, and waits for a command. What fails stays next. The spec is watched: when it is saved, it\n" +
			"goes on from the step that has changed where the page can, else from the start. `target` tells what a\n" +
			"target leads to, and `keep` writes it into the spec, at its place. Steps that are once, or write on the\n" +
			"site, ask before they act. Commands come from standard input, which need be no terminal.\n\n" +
			"Ctrl-C ends a step that is under way, and else the session. Exits as `pipe try` does, by the last step.",
		Args: cobra.ExactArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			return app.DebugItem(cmd.Context(), args[0], f, std)
		},
	}
	specFlags(cmd, &f.SpecOptions)
	flags := cmd.Flags()
	flags.StringVar(&f.Item, "item", "", "the item's `KEY`")
	flags.BoolVar(&f.Headless, "headless", false, "show no window")
	flags.BoolVar(&f.NoBlock, "no-block", false, "load images, fonts, media and styles whatever pool.block says")
	flags.StringVar(&f.Out, "out", "", "the `FOLDER` for files; default a temporary one")
	_ = cmd.MarkFlagRequired("item")
	return cmd
}
