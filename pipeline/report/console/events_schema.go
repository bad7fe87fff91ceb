package console

import (
	"encoding/json"
	"fmt"
	"reflect"

	"github.com/google/jsonschema-go/jsonschema"

	"pipe/pipeline"
)

//go:generate go run ../../../cmd/pipe schema --events --output events.schema.json

// EventsSchema is the JSON Schema (draft 2020-12) of a line that [JSON] writes, made from
// [pipeline.Event] and [pipeline.EventKinds].
func EventsSchema() ([]byte, error) {
	kinds := &jsonschema.Schema{}
	for _, k := range pipeline.EventKinds() {
		kinds.OneOf = append(kinds.OneOf, &jsonschema.Schema{Const: jsonschema.Ptr[any](k.Kind), Description: k.Doc})
	}
	event, err := jsonschema.For[pipeline.Event](&jsonschema.ForOptions{TypeSchemas: map[reflect.Type]*jsonschema.Schema{
		reflect.TypeFor[pipeline.EventKind](): kinds,
	}})
	if err != nil {
		return nil, fmt.Errorf("making the schema of events: %w", err)
	}
	event.Title, event.Description = "event", "Something that happened in the run."
	text := &jsonschema.Schema{Type: "string"}
	log := &jsonschema.Schema{
		Title: "log", Description: "What the log says, with members of its own for what it is about.", Type: "object",
		Properties: map[string]*jsonschema.Schema{"time": text, "level": text, "msg": text, "event": {Not: &jsonschema.Schema{}}},
		Required:   []string{"time", "level", "msg"}, PropertyOrder: []string{"time", "level", "msg", "event"},
	}
	all, err := json.MarshalIndent(&jsonschema.Schema{
		Schema: "https://json-schema.org/draft/2020-12/schema", Title: "pipe events",
		Description: "A line of what `pipe run --json` writes. Members and kinds are added, and none is changed or taken away: take no notice of those that you do not know.",
		AnyOf:       []*jsonschema.Schema{event, log},
	}, "", "  ")
	if err != nil {
		return nil, fmt.Errorf("writing the schema of events: %w", err)
	}
	return append(all, '\n'), nil
}
