package main

import (
	"errors"
	"os"

	"github.com/spf13/cobra"

	"pipe/cmd/pipe/internal/app"
)

func diffCommand(std app.Std) *cobra.Command {
	var f app.DiffOptions
	cmd := &cobra.Command{
		Use:   "diff OLD NEW",
		Short: "Tell what a change of a spec means, and what that is done it makes stale",
		Long: "Compares what two specs mean, field by field: another order, other comments and a default that is\n" +
			"said are no change, and a step between others is one. With --git REV SPEC it compares a spec with\n" +
			"itself as it was in that revision, its included files too.\n\n" +
			"Then it looks into the output folder, for what is done that the new spec would make in another way,\n" +
			"and why. It changes nothing, and no run does any of that again by itself.\n\n" +
			"Exits with 0 when they mean the same, with 1 when they do not, and with 2 when a spec is wrong.",
		Args: func(_ *cobra.Command, args []string) error {
			switch {
			case f.Git == "" && len(args) != 2:
				return errors.New("want two specs, or --git REV and one")
			case f.Git != "" && len(args) != 1:
				return errors.New("with --git want one spec")
			}
			return nil
		},
		RunE: func(cmd *cobra.Command, args []string) error {
			return app.Diff(cmd.Context(), args, f, std)
		},
	}
	cmd.Flags().StringVar(&f.Git, "git", "", "compare with the spec as it was in this `REVISION` of its git repository")
	cmd.Flags().StringVar(&f.Profile, "profile", os.Getenv("PIPE_PROFILE"), "lay this profile over both, by its `NAME`; default PIPE_PROFILE")
	cmd.Flags().StringVar(&f.Out, "out", "", "the output `FOLDER` of what is done; default out/NAME of the new spec")
	cmd.Flags().BoolVar(&f.AsJSON, "json", false, "the changes as JSON")
	return cmd
}
