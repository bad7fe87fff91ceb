// Package orderedjson writes JSON objects whose members keep their order, and as
// people read them: without the escapes that only HTML needs. It touches nothing
// but the writer that it is given, and imports none of the project's packages.
package orderedjson

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
)

// Object writes a JSON object member by member, without holding it in memory.
type Object struct {
	out io.Writer
	// between goes before each member but the first.
	between string
	members int
}

// NewObject starts an object whose members stand apart by between.
func NewObject(out io.Writer, between string) *Object { return &Object{out: out, between: between} }

// Add writes one more member.
func (o *Object) Add(name string, value any) error {
	before := "{"
	if o.members > 0 {
		before = "," + o.between
	}
	o.members++
	member, err := Encode(name)
	if err != nil {
		return err
	}
	text, err := Encode(value)
	if err != nil {
		return fmt.Errorf("encoding %q: %w", name, err)
	}
	_, err = fmt.Fprintf(o.out, "%s%s: %s", before, member, text)
	return err
}

// End ends the object and its line.
func (o *Object) End() error {
	last := "}\n"
	if o.members == 0 {
		last = "{}\n"
	}
	_, err := io.WriteString(o.out, last)
	return err
}

// Encode is [json.Marshal] without the escapes that only HTML needs.
func Encode(v any) ([]byte, error) {
	var buf bytes.Buffer
	encoder := json.NewEncoder(&buf)
	encoder.SetEscapeHTML(false)
	if err := encoder.Encode(v); err != nil {
		return nil, err
	}
	return bytes.TrimSuffix(buf.Bytes(), []byte("\n")), nil
}
