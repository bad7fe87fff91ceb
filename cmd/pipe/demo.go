package main

import (
	"fmt"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"pipe/cmd/pipe/internal/app"
	"pipe/specs"
)

func demoCommand(std app.Std) *cobra.Command {
	var f app.RunOptions
	var vehicles int
	cmd := &cobra.Command{
		Use:   "demo [NAME]",
		Short: "Run a shipped spec against the practice dealership",
		Long: "Serves the practice dealership on a free port of this machine and runs a shipped spec against\n" +
			"it, by the same code as `pipe run`. Run it again: nothing is fetched twice. The specs are:\n\n" + shippedList(),
		Args:      cobra.MatchAll(cobra.MaximumNArgs(1), knownDemo),
		ValidArgs: specs.Shipped(),
		RunE: func(cmd *cobra.Command, args []string) error {
			name := "inventory"
			if len(args) > 0 {
				name = args[0]
			}
			return app.Demo(cmd.Context(), name, vehicles, f, std)
		},
	}
	cmd.Flags().IntVar(&vehicles, "vehicles", 30, "`N` vehicles in stock")
	poolFlags(cmd, &f)
	return cmd
}

func knownDemo(_ *cobra.Command, args []string) error {
	if len(args) > 0 && !slices.Contains(specs.Shipped(), args[0]) {
		return app.Exit(app.ExitSpec, fmt.Errorf("no shipped spec is called %q: there are %s", args[0], strings.Join(specs.Shipped(), ", ")))
	}
	return nil
}

// shippedList tells of each shipped spec what it is about, in its own words.
func shippedList() string {
	var b strings.Builder
	for _, name := range specs.Shipped() {
		src, _ := specs.ReadShipped(specs.ShippedPath(name))
		_, about, _ := strings.Cut(string(src), "\nabout: ")
		about, _, _ = strings.Cut(about, "\n")
		fmt.Fprintf(&b, "  %-10s %s\n", name, about)
	}
	return strings.TrimSuffix(b.String(), "\n")
}
