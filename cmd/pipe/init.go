package main

import (
	"strings"

	"github.com/spf13/cobra"

	"pipe/cmd/pipe/internal/app"
)

func initCommand(std app.Std) *cobra.Command {
	var f app.InitOptions
	cmd := &cobra.Command{
		Use:   "init [NAME]",
		Short: "Write a spec to begin with, by a few questions",
		Long: "Writes specs/NAME.yaml, with comments that say what stands there and why, and into the working folder,\n" +
			"where pipe is run, .gitignore and .env.example, with the names of the secrets. Nothing that is there is written over. What no flag\n" +
			"says is asked for on a terminal; elsewhere the first choice of each is meant, and NAME and --address\n" +
			"must be given. It ends with the commands that come next.",
		Args: cobra.MaximumNArgs(1),
		RunE: func(_ *cobra.Command, args []string) error {
			if len(args) > 0 {
				f.Name = args[0]
			}
			return app.Init(f, std)
		},
	}
	flags := cmd.Flags()
	flags.StringVar(&f.Address, "address", "", "the site's `ADDRESS`, as https://portal.example.com")
	flags.StringVar(&f.Login, "login", "", "`HOW` one logs in: "+choices(app.InitLogins))
	flags.StringVar(&f.List, "list", "", "`WHERE` the list of items is: "+choices(app.InitLists))
	flags.StringVar(&f.Fetch, "fetch", "", "`WHAT` is fetched of each: "+choices(app.InitFetches))
	flags.BoolVar(&f.Agents, "agents", false, "write specs/AGENTS.md too, for people and coding assistants who work on specs")
	return cmd
}

func choices(all []app.Choice) string {
	texts := make([]string, len(all))
	for i, c := range all {
		texts[i] = c.Answer + " (" + c.Meaning + ")"
	}
	return strings.Join(texts, ", ")
}
