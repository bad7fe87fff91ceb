package formats

import (
	"encoding/json"
	"fmt"

	"pipe/pipeline/codegen"
)

func isUIVision(_ []byte, top map[string]json.RawMessage) bool { return top["Commands"] != nil }

// readUIVision reads a macro of UI.Vision, as JSON.
func readUIVision(src []byte) (codegen.Recording, error) {
	var file struct{ Commands json.RawMessage }
	if err := json.Unmarshal(src, &file); err != nil {
		return codegen.Recording{}, err
	}
	items, lines, err := jsonItems(src, file.Commands)
	if err != nil {
		return codegen.Recording{}, fmt.Errorf("its commands: %w", err)
	}
	r := &commandReader{windows: map[string]int{}}
	r.rec.NoFiles = true
	for i, raw := range items {
		var c command
		if err := json.Unmarshal(raw, &c); err != nil {
			return r.rec, fmt.Errorf("line %d: %w", lines[i], err)
		}
		r.command(c, lines[i])
	}
	return r.rec, nil
}
