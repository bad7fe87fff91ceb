package main

import (
	"errors"
	"fmt"
	"pipe/specs"

	"github.com/spf13/cobra"
)

func validateCommand(io streams) *cobra.Command {
	var r reading
	cmd := &cobra.Command{
		Use:   "validate SPEC…",
		Short: "Find all that is wrong in specs, without a browser",
		Long: "Reads each spec as `pipe run` would, and tells every fault with its file, line and column,\n" +
			"with the line under it. Exits with 2 when there is one.",
		Args: cobra.MinimumNArgs(1),
		RunE: func(_ *cobra.Command, args []string) error {
			faults := 0
			for _, path := range args {
				_, secrets, err := r.load(path)
				var found specs.Faults
				switch {
				case err == nil:
					fmt.Fprintf(io.out, "%s: ok\n", path)
				case errors.As(err, &found):
					faults += len(found)
					fmt.Fprintln(io.out, secrets.Redact(found.Error()))
				default:
					faults++
					fmt.Fprintln(io.out, secrets.Redact(err.Error()))
				}
			}
			if faults > 0 {
				fmt.Fprintf(io.err, "pipe: %s\n", count(faults, "fault"))
				return exit(ExitSpec, nil)
			}
			return nil
		},
	}
	specFlags(cmd, &r)
	return cmd
}

func specFlags(cmd *cobra.Command, r *reading) {
	cmd.Flags().StringToStringVar(&r.set, "set", nil, "give a var of the spec another value: `name=value`")
	cmd.Flags().StringVar(&r.secrets, "secrets", "", "read secrets from a `FILE` of NAME=value lines; they go before the environment's")
}

// count gives "1 fault" or "3 faults".
func count(n int, what string) string {
	if n == 1 {
		return "1 " + what
	}
	return fmt.Sprintf("%d %ss", n, what)
}
