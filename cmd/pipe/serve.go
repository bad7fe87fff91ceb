package main

import (
	"github.com/spf13/cobra"

	"pipe/cmd/pipe/internal/app"
)

func serveCommand(std app.Std) *cobra.Command {
	o := app.ServeOptions{SpecOptions: app.SpecOptions{Lenient: true}}
	cmd := &cobra.Command{
		Use:   "serve [SPEC…]",
		Short: "Show specs and their runs in a browser, and steer them there",
		Long: "Serves pages of specs, by default of those in the folder specs or this one: what is under way,\n" +
			"runs with charts, items, failures by cause. Runs are started, paused and ended there.\n\n" +
			"It prints the address to open, which has a token in it: nobody is let in without. It serves this\n" +
			"machine alone unless --http says otherwise. PIPE_HTTP_TOKEN gives it a token that stays the same.",
		Args: cobra.ArbitraryArgs,
		RunE: func(cmd *cobra.Command, args []string) error {
			return app.Serve(cmd.Context(), args, o, std)
		},
	}
	specFlags(cmd, &o.SpecOptions)
	cmd.Flags().StringVar(&o.Addr, "http", app.DefaultHTTP, "the `ADDRESS` to serve at; port 0 is any free one")
	cmd.Flags().StringVar(&o.Out, "out", "", "the output `FOLDER` of the one spec; default out/NAME of each")
	return cmd
}
