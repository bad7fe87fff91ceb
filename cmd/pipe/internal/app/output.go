package app

import (
	"encoding/json"
	"fmt"
	"os"
)

// Count gives "1 fault" or "3 faults".
func Count(n int, what string) string {
	if n == 1 {
		return "1 " + what
	}
	return fmt.Sprintf("%d %ss", n, what)
}

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

// writeJSON prints a value as indented JSON.
func writeJSON(std Std, v any) error {
	enc := json.NewEncoder(std.Out)
	enc.SetEscapeHTML(false)
	enc.SetIndent("", "  ")
	if err := enc.Encode(v); err != nil {
		return Exit(ExitEnvironment, fmt.Errorf("writing the faults: %w", err))
	}
	return nil
}
