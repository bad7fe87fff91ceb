package main

import (
	"time"

	"github.com/spf13/cobra"

	"pipe/cmd/pipe/internal/app"
)

func healCommand(std app.Std) *cobra.Command {
	var f app.HealOptions
	cmd := &cobra.Command{
		Use:   "heal SPEC",
		Short: "Find again what targets led to before the site changed",
		Long: "Logs in, reads the list and walks one item. Where a target leads to nothing, it looks on the page for\n" +
			"the element that runs have known there: by its role, name, text, label, attributes and place. If one is\n" +
			"clearly it, a target for it is proposed, and the walk goes on. The proposals are a patch of the spec,\n" +
			"which is proved by walking that item and another anew, the proof of their files included, into a folder\n" +
			"apart. What may change something on the site is not done.\n\n" +
			"Exits with 0 when nothing is to be healed, or all is healed and proved, and with 1 when something is left.",
		Args: cobra.ExactArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			return app.Heal(cmd.Context(), args[0], f, std)
		},
	}
	specFlags(cmd, &f.SpecOptions)
	flags := cmd.Flags()
	flags.StringVar(&f.Item, "item", "", "walk the item of this `KEY`; default: the first of the list that is done")
	flags.BoolVar(&f.Apply, "apply", false, "write the patch into the spec, if it is proved")
	flags.BoolVar(&f.Offline, "offline", false, "look on the pages that failures have left in the output folder, without the site and its secrets; nothing is proved so")
	flags.DurationVar(&f.Wait, "wait", 10*time.Second, "how long a target may take to show before it is looked for by what is known of it")
	flags.StringVar(&f.Pictures, "pictures", "", "the `FOLDER` for pictures of what was found; default: heal in the output folder")
	flags.BoolVar(&f.KeptLogin, "kept-login", false, "use a login that is kept, in place of logging in")
	flags.BoolVar(&f.JSON, "json", false, "print it as JSON")
	return cmd
}
