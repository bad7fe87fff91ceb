package snapshot

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
)

// object writes a JSON object whose members keep their order, without holding
// it in memory.
type object struct {
	out io.Writer
	// between goes before each member but the first.
	between string
	members int
}

// add writes one more member.
func (o *object) add(name string, value any) error {
	before := "{"
	if o.members > 0 {
		before = "," + o.between
	}
	o.members++
	member, err := encode(name)
	if err != nil {
		return err
	}
	text, err := encode(value)
	if err != nil {
		return fmt.Errorf("encoding %q: %w", name, err)
	}
	_, err = fmt.Fprintf(o.out, "%s%s: %s", before, member, text)
	return err
}

// end ends the object and its line.
func (o *object) end() error {
	last := "}\n"
	if o.members == 0 {
		last = "{}\n"
	}
	_, err := io.WriteString(o.out, last)
	return err
}

// encode is [json.Marshal] without the escapes that only HTML needs.
func encode(v any) ([]byte, error) {
	var buf bytes.Buffer
	encoder := json.NewEncoder(&buf)
	encoder.SetEscapeHTML(false)
	if err := encoder.Encode(v); err != nil {
		return nil, err
	}
	return bytes.TrimSuffix(buf.Bytes(), []byte("\n")), nil
}
