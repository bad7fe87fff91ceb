package main

import (
	"github.com/spf13/cobra"

	"pipe/cmd/pipe/internal/app"
)

func inspectCommand(std app.Std) *cobra.Command {
	var f app.InspectOptions
	cmd := &cobra.Command{
		Use:   "inspect SPEC|URL",
		Short: "Show what is on a page as a spec can have it: targets, tables, forms, files",
		Long: "Opens an address, or logs in by a spec and goes to navigate.home or to the step that --at names, and\n" +
			"prints what is on the page as YAML: the accessibility tree with a ready target for each thing that one\n" +
			"could act on, tables and lists with a ready source for each, forms as the steps that fill them, links\n" +
			"to files, and the same of frames. Each target is checked to find its element alone. A page of many rows\n" +
			"is shown in short. What is typed into fields for secrets is never shown.\n\n" +
			"It changes nothing on the site: before a step that may, such as a capture, it ends and shows that page.\n" +
			"Where a step fails on the way, it shows the page as that has left it, and exits with 1. So it does where\n" +
			"login.success does not hold: it logs in once, and its own can be read off the page. A login that the site\n" +
			"refuses is shown too, and the exit code is 3.\n\n" +
			"With --pick it opens a window there, outlines what the pointer is over, and prints the target of what is\n" +
			"clicked, which the page does not notice; a click with Alt held is the page's.",
		Args: cobra.ExactArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			return app.Inspect(cmd.Context(), args[0], f, std)
		},
	}
	specFlags(cmd, &f.SpecOptions)
	flags := cmd.Flags()
	flags.StringVar(&f.At, "at", "", "go on to behind this `STEP`, by its path such as navigate.steps[2] or login.steps[0], or its name; source is the page of the table")
	flags.StringVar(&f.Item, "item", "", "go the steps of the item with this `KEY`; default the first of the list, where the way needs one")
	flags.BoolVar(&f.Pick, "pick", false, "open a window there, and tell the target of each thing that is clicked in it")
	flags.BoolVar(&f.Headed, "headed", false, "show the browser's window")
	flags.BoolVar(&f.AsJSON, "json", false, "print it as JSON")
	return cmd
}
