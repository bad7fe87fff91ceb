package app

import (
	"fmt"
	"os"
)

// WriteOutput prints a text, or writes it to the file that a flag names.
func WriteOutput(std Std, to string, text []byte) error {
	if to == "" {
		if _, err := std.Out.Write(text); err != nil {
			return Exit(ExitEnvironment, err)
		}
		return nil
	}
	if err := os.WriteFile(to, text, 0o644); err != nil { //nolint:gosec // it is for everyone
		return Exit(ExitEnvironment, fmt.Errorf("writing the file: %w", err))
	}
	return nil
}
