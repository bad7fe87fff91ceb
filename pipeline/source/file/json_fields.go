package file

import (
	"bytes"
	"encoding/json"
	"fmt"
	"slices"

	"pipe/specs"
)

// objectFields gives an object's values as texts, by their names and, where it
// differs, by their identifiers too.
func objectFields(text []byte) (map[string]any, error) {
	if text = bytes.TrimSpace(text); len(text) == 0 || text[0] != '{' {
		return nil, fmt.Errorf("is no JSON object but %.40q", text)
	}
	var members map[string]json.RawMessage
	if err := json.Unmarshal(text, &members); err != nil {
		return nil, fmt.Errorf("is no JSON object: %w", err)
	}
	if name := twice(text); name != "" {
		return nil, fmt.Errorf("has %q twice", name)
	}
	fields := make(map[string]any, 2*len(members))
	names := make([]string, 0, len(members))
	for name, raw := range members {
		value, err := fieldText(raw)
		if err != nil {
			return nil, fmt.Errorf("has a bad %q: %w", name, err)
		}
		fields[name] = value
		names = append(names, name)
	}
	slices.Sort(names)
	for _, name := range names {
		ident := specs.SnakeCase(name)
		if _, taken := fields[ident]; ident != "" && !taken {
			fields[ident] = fields[name]
		}
	}
	return fields, nil
}

func fieldText(raw json.RawMessage) (string, error) {
	switch {
	case raw[0] == '"':
		var text string
		err := json.Unmarshal(raw, &text)
		return text, err
	case bytes.Equal(raw, []byte("null")):
		return "", nil
	case raw[0] == '{', raw[0] == '[':
		var out bytes.Buffer
		err := json.Compact(&out, raw)
		return out.String(), err
	default:
		return string(raw), nil
	}
}

// twice gives the name of a member that an object has more than once, "" for none.
func twice(object []byte) string {
	seen := map[string]bool{}
	dec := json.NewDecoder(bytes.NewReader(object))
	if _, err := dec.Token(); err != nil {
		return ""
	}
	for dec.More() {
		key, err := dec.Token()
		name, is := key.(string)
		if err != nil || !is {
			return ""
		}
		if seen[name] {
			return name
		}
		seen[name] = true
		var value json.RawMessage
		if dec.Decode(&value) != nil {
			return ""
		}
	}
	return ""
}
