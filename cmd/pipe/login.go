package main

import (
	"time"

	"github.com/spf13/cobra"

	"pipe/cmd/pipe/internal/app"
)

func loginCommand(std app.Std) *cobra.Command {
	var f app.LoginOptions
	cmd := &cobra.Command{
		Use:   "login SPEC",
		Short: "Log in with a window, for a person to pass a captcha or a second factor, and keep the login",
		Long: "Runs the login steps of a spec in a browser with a window, waits until login.success holds,\n" +
			"whoever brings that about, and keeps the login in sessions/ of the output folder, where\n" +
			"`pipe run` finds it. A login that is kept already and still holds is left alone.",
		Args: cobra.ExactArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			return app.LogIn(cmd.Context(), args[0], f, std)
		},
	}
	specFlags(cmd, &f.SpecOptions)
	cmd.Flags().StringVar(&f.Account, "account", "", "log in this account only, by its `NAME`")
	cmd.Flags().StringVar(&f.Out, "out", "", "the output `FOLDER`; default out/NAME")
	cmd.Flags().BoolVar(&f.Headless, "headless", false, "without a window, where the steps do it alone")
	cmd.Flags().DurationVar(&f.Wait, "wait", 10*time.Minute, "how long each login may take")
	return cmd
}
