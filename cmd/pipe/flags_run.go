package main

import (
	"github.com/spf13/cobra"

	"pipe/cmd/pipe/internal/app"
)

// poolFlags are those that the demo has too.
func poolFlags(cmd *cobra.Command, f *app.RunOptions) {
	flags := cmd.Flags()
	flags.IntVar(&f.Contexts, "contexts", 0, "`N` logged-in browser contexts; default pool.contexts")
	flags.IntVar(&f.Pages, "pages", 0, "`N` pages in each context; default pool.pages")
	flags.BoolVar(&f.Headed, "headed", false, "show the browser's windows")
	flags.BoolVar(&f.NoBlock, "no-block", false, "load images, fonts, media and styles whatever pool.block says")
	flags.StringVar(&f.Out, "out", "", "the output `FOLDER`; default out/NAME")
	flags.BoolVar(&f.JSON, "json", false, "tell what happens as lines of JSON")
	flags.BoolVar(&f.Verbose, "verbose", false, "log more")
}
