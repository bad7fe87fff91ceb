package main

import (
	"os"

	"github.com/spf13/cobra"

	"pipe/cmd/pipe/internal/app"
)

func specFlags(cmd *cobra.Command, r *app.SpecOptions) {
	profileFlag(cmd, r)
	cmd.Flags().StringToStringVar(&r.Set, "set", nil, "give a var of the spec another value: `name=value`")
	cmd.Flags().StringVar(&r.Secrets, "secrets", os.Getenv("PIPE_SECRETS"), "read secrets from a `FILE` of NAME=value lines, as .env; they go before the environment's; default PIPE_SECRETS")
}

// profileFlag names the profile; the environment may, so that a whole session
// works with one.
func profileFlag(cmd *cobra.Command, r *app.SpecOptions) {
	cmd.Flags().StringVar(&r.Profile, "profile", os.Getenv("PIPE_PROFILE"), "lay this profile of the spec over it, by its `NAME`; its output folder is out/NAME@PROFILE; default PIPE_PROFILE")
}
