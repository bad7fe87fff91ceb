package console

import (
	"bytes"
	"encoding/json"
	"os"
	"testing"

	"github.com/santhosh-tekuri/jsonschema/v6"

	"pipe/pipeline"
)

// The schema is valid itself, is the one that stands in the repository, takes all that a
// run tells, and nothing that it could not tell.
func TestEventsSchema(t *testing.T) {
	t.Parallel()
	text, err := EventsSchema()
	if err != nil {
		t.Fatal(err)
	}
	if kept, err := os.ReadFile("events.schema.json"); err != nil || !bytes.Equal(kept, text) {
		t.Errorf("events.schema.json is not as it is made now: go generate ./... (%v)", err)
	}
	doc, err := jsonschema.UnmarshalJSON(bytes.NewReader(text))
	if err != nil {
		t.Fatal(err)
	}
	c := jsonschema.NewCompiler()
	if err := c.AddResource("events.json", doc); err != nil {
		t.Fatal(err)
	}
	schema, err := c.Compile("events.json")
	if err != nil {
		t.Fatal(err)
	}
	validate := func(line []byte) error {
		v, err := jsonschema.UnmarshalJSON(bytes.NewReader(line))
		if err != nil {
			return err
		}
		return schema.Validate(v)
	}
	all := append(night(), busy("A1", "B2", "C3")...)
	for _, k := range pipeline.EventKinds() {
		all = append(all, pipeline.Event{Time: noon, Kind: k.Kind, Row: &pipeline.RejectedRow{Row: "line 7"}, Files: []pipeline.File{{Name: "a.pdf"}}})
	}
	for _, e := range all {
		line, err := json.Marshal(e)
		if err == nil {
			err = validate(line)
		}
		if err != nil {
			t.Errorf("%s: %v", line, err)
		}
	}
	for line, want := range map[string]bool{
		`{"time":"x","level":"INFO","msg":"hello","item":"A1"}`:        true,
		`{"time":"x","level":"INFO"}`:                                  false,
		`{"time":"x","event":"invented"}`:                              false,
		`{"time":"x","event":"paused","more":1}`:                       false,
		`{"time":"x","event":"paused","attempt":"1"}`:                  false,
		`{"event":"paused"}`:                                           false,
		`{"time":"x","event":"invented","level":"INFO","msg":"hello"}`: false,
	} {
		if err := validate([]byte(line)); (err == nil) != want {
			t.Errorf("%s: %v", line, err)
		}
	}
}
