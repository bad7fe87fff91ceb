package main

import (
	"errors"
	"os"
	"os/signal"
	"syscall"

	"github.com/spf13/cobra"

	"pipe/cmd/pipe/internal/app"
)

func planCommand(std app.Std) *cobra.Command {
	var f app.PlanOptions
	cmd := &cobra.Command{
		Use:   "plan SPEC",
		Short: "Tell what a run would do, and how long it may take",
		Long: "Reads the source and the ledger, and tells what a run would find: items that are new, to be done,\n" +
			"done, failed before or changed, duplicates and bad rows; with how many pages it would work, and how\n" +
			"long that took before. Nothing is opened but the source, and nothing is written.\n\n" +
			"A source that the site has (export, table) needs a browser and a login: with --export it is read, else\n" +
			"the rows that the last run saw are planned from.",
		Args: cobra.ExactArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			ctx, stop := signal.NotifyContext(cmd.Context(), os.Interrupt, syscall.SIGTERM)
			defer stop()
			spec, secrets, err := f.Load(args[0])
			if err != nil {
				return app.RedactError(err, secrets)
			}
			p, err := f.Plan(ctx, spec, secrets, std)
			if err != nil && ctx.Err() != nil {
				return app.Exit(app.ExitInterrupted, errors.New("interrupted"))
			}
			if err != nil {
				return app.RedactError(err, secrets)
			}
			if f.AsJSON {
				return app.WriteJSON(std, p)
			}
			p.Print(app.RedactTo(std.Out, secrets))
			return nil
		},
	}
	specFlags(cmd, &f.SpecOptions)
	cmd.Flags().StringVar(&f.Out, "out", "", "the output `FOLDER`; default out/NAME")
	cmd.Flags().BoolVar(&f.Export, "export", false, "read the list that the site has, which takes a browser and a login")
	cmd.Flags().BoolVar(&f.AsJSON, "json", false, "the plan as JSON")
	return cmd
}
