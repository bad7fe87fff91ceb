package app

import (
	"encoding/json"
	"fmt"
)

func WriteJSON(std Std, v any) error {
	enc := json.NewEncoder(std.Out)
	enc.SetEscapeHTML(false)
	enc.SetIndent("", "  ")
	if err := enc.Encode(v); err != nil {
		return Exit(ExitEnvironment, fmt.Errorf("writing the faults: %w", err))
	}
	return nil
}
