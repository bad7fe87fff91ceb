package main

import (
	"fmt"

	"github.com/spf13/cobra"

	"pipe/cmd/pipe/internal/app"
	"pipe/pipeline/artifact"
	"pipe/pipeline/provision"
)

func installCommand(std app.Std) *cobra.Command {
	var opts provision.Options
	cmd := &cobra.Command{
		Use:   "install",
		Short: "Get the driver and a browser, where they are missing, and compile the PDF reader",
		Args:  cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			opts.Say = func(line string) { fmt.Fprintln(std.Out, line) }
			rt, err := provision.Ensure(cmd.Context(), opts)
			if err != nil {
				return app.Exit(app.ExitEnvironment, err)
			}
			fmt.Fprintf(std.Out, "driver   %s  %s\nbrowser  %s  %s\n", rt.DriverVersion, rt.DriverDir, rt.BrowserVersion, rt.Browser)
			dir, err := artifact.Precompile(cmd.Context())
			if err != nil {
				return app.Exit(app.ExitEnvironment, err)
			}
			fmt.Fprintf(std.Out, "reader   PDFium, compiled for this machine  %s\n", dir)
			return nil
		},
	}
	cmd.Flags().BoolVar(&opts.Headed, "headed", false, "a browser that can show its windows")
	cmd.Flags().StringVar(&opts.Browser, "browser", "", "a `BROWSER`: a path, or chromium, chrome or headless-shell")
	return cmd
}

func doctorCommand(std app.Std) *cobra.Command {
	var opts provision.Options
	cmd := &cobra.Command{
		Use:   "doctor",
		Short: "Tell what is there to run with, and what is not",
		Args:  cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			code := app.ExitDone
			for _, f := range provision.Check(cmd.Context(), opts) {
				mark := "ok  "
				if !f.OK {
					mark, code = "MISS", app.ExitEnvironment
				}
				fmt.Fprintf(std.Out, "%s  %-16s %s\n", mark, f.Name, f.What)
				if f.Fix != "" && !f.OK {
					fmt.Fprintf(std.Out, "      %-16s → %s\n", "", f.Fix)
				}
			}
			return app.Exit(code, nil)
		},
	}
	cmd.Flags().StringVar(&opts.Browser, "browser", "", "a `BROWSER`: a path, or chromium, chrome or headless-shell")
	return cmd
}
