package main

import (
	"github.com/spf13/cobra"

	"pipe/cmd/pipe/internal/app"
)

func mcpCommand(std app.Std) *cobra.Command {
	var f app.SpecOptions
	cmd := &cobra.Command{
		Use:   "mcp",
		Short: "Serve coding assistants: tools to write, check and try the specs of this folder",
		Long: "Serves a client of the Model Context Protocol, such as a coding assistant, over standard input and\n" +
			"output. Its tools read the schema and the reference, validate, inspect pages, read sources, walk and try\n" +
			"items, and tell what runs have left, for the specs of the working directory and below.\n\n" +
			"Secrets and values of the environment are told to no client. Nothing is changed on a site unless a call\n" +
			"says allow_writes. A browser is kept between calls, for 10 minutes at most when nothing is asked of it.",
		Args: cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			return app.ServeMCP(cmd.Context(), f, std)
		},
	}
	specFlags(cmd, &f)
	return cmd
}
