package main

import (
	"github.com/spf13/cobra"

	"pipe/cmd/pipe/internal/app"
)

func tryCommand(std app.Std) *cobra.Command {
	var f app.TryOptions
	cmd := &cobra.Command{
		Use:   "try SPEC --item KEY",
		Short: "Do one item now, telling each step, into a folder apart",
		Long: "Does one item for real, with a window where there is a display, and tells each step with its time\n" +
			"and what it found. Files and the record go to a folder apart, not to the spec's own: what is on\n" +
			"record there stays as it is. Logins that are kept serve, and none is added.\n\n" +
			"With --keep-open the session stays, and the item is done again whenever the spec is saved, or a file\n" +
			"that it includes: from the first step that has changed where the page can go on from there, else from\n" +
			"the start. Ctrl-C ends it.\n\n" +
			"Exits with 1 when the item failed, and with 2 when a selector resolves to nothing.",
		Args: cobra.ExactArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			return app.TryItem(cmd.Context(), args[0], f, std)
		},
	}
	specFlags(cmd, &f.SpecOptions)
	flags := cmd.Flags()
	flags.StringVar(&f.Item, "item", "", "the item's `KEY`")
	flags.StringVar(&f.Until, "until", "", "go no further than this `STEP`, by its path such as navigate.steps[2] or its name")
	flags.BoolVar(&f.Once, "once", false, "do for real what the spec has done once for an item (once: true), which a trial stops at otherwise: no run will know of it")
	flags.StringVar(&f.Shots, "screenshots", "", "keep a picture of the page after each step in this `FOLDER`; secrets are covered")
	flags.BoolVar(&f.KeepOpen, "keep-open", false, "keep the session, and go again whenever the spec, or a file that it includes, is saved")
	flags.BoolVar(&f.Headless, "headless", false, "show no window")
	flags.BoolVar(&f.NoBlock, "no-block", false, "load images, fonts, media and styles whatever pool.block says")
	flags.StringVar(&f.Out, "out", "", "the `FOLDER` for files and pictures; default a temporary one")
	flags.BoolVar(&f.AsJSON, "json", false, "tell what happens as lines of JSON")
	_ = cmd.MarkFlagRequired("item")
	return cmd
}
