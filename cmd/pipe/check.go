package main

import (
	"github.com/spf13/cobra"

	"pipe/cmd/pipe/internal/app"
)

func checkCommand(std app.Std) *cobra.Command {
	var f app.CheckOptions
	cmd := &cobra.Command{
		Use:   "check SPEC",
		Short: "Tell what of the site has drifted, before the night does",
		Long: "Logs in, reads the list (of several pages the first) and walks one item up to the trigger, as a dry run\n" +
			"does: nothing is pressed that takes a file or writes. Tells what has drifted since runs last worked:\n" +
			"targets that lead to nothing, to several elements, or to another than they did; columns that the list\n" +
			"has no longer, and a list that has grown much shorter. For cron, before a run.\n\n" +
			"Exits with 0 when all is as it was, with 1 when something has drifted, with 2 for what is wrong with the\n" +
			"spec or the command line, and with 3 when the site cannot be reached, refuses the login, or there is no\n" +
			"browser.",
		Args: cobra.ExactArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			return app.Check(cmd.Context(), args[0], f, std)
		},
	}
	specFlags(cmd, &f.SpecOptions)
	flags := cmd.Flags()
	flags.StringVar(&f.Item, "item", "", "walk the item of this `KEY`; default: the first of the list that is done")
	flags.BoolVar(&f.KeptLogin, "kept-login", false, "use a login that is kept, in place of logging in")
	flags.BoolVar(&f.JSON, "json", false, "print it as JSON")
	return cmd
}
