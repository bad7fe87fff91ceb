package engine

import (
	"encoding/json"
	"fmt"
	"maps"
	"reflect"

	"pipe/pipeline"
)

// MakeRecord makes the record, in the order of the spec. file is the last file.
func (s *ProveStage) MakeRecord(a *Attempt) error {
	values := a.Values.With("file", map[string]any{})
	if n := len(a.Files); n > 0 {
		values = a.Values.With("file", fileValues(a.Files[n-1].File))
	}
	a.Record = nil
	for _, field := range s.Spec.Record.Fields {
		var err error
		v, taken := a.Read[field.Name]
		if !taken {
			v, err = field.Read.Value.Value(values)
		}
		if err == nil {
			if v, err = field.Read.Make(v); err != nil {
				err = fmt.Errorf("the record's %s %w", field.Name, err)
			}
		}
		if err != nil {
			return pipeline.FieldError(field, err)
		}
		a.Record = append(a.Record, pipeline.Field{Name: field.Name, Value: plainValue(v, s.Reporter.Redact)})
	}
	return nil
}

// plainValue gives a value that the ledger can keep, its texts redacted.
func plainValue(v any, redact func(string) string) any {
	switch v := v.(type) {
	case nil, bool, int, int64, float64:
		return v
	}
	switch of := reflect.ValueOf(v); {
	case of.Kind() == reflect.Slice:
		list := make([]any, of.Len())
		for i := range list {
			list[i] = plainValue(of.Index(i).Interface(), redact)
		}
		return list
	case of.Kind() == reflect.Map && of.Type().Key().Kind() == reflect.String:
		members := make(map[string]any, of.Len())
		for each := of.MapRange(); each.Next(); {
			members[redact(each.Key().String())] = plainValue(each.Value().Interface(), redact)
		}
		return members
	}
	return redact(fmt.Sprint(v))
}

// maxFound bounds what is kept of the values of an item's steps, in bytes.
const maxFound = 64 << 10

// foundValues gives the values of an attempt's named steps as the ledger may
// keep them: what its files' expectations are evaluated with, should they be
// asked again. Those of more than maxFound are no keys and no numbers: none is
// kept. own are the spec's vars.
func foundValues(a *Attempt, own map[string]any, redact func(string) string) map[string]any {
	found, _ := a.Values["steps"].(map[string]any)
	kept := make(map[string]any, len(found))
	maps.Copy(kept, found)
	if set := setVarsOf(a, own); len(set) > 0 {
		kept[setVars] = set
	}
	if names := siteNamesOf(a); len(names) > 0 {
		kept[siteNames] = names
	}
	text, err := json.Marshal(kept)
	if err != nil || len(text) > maxFound {
		return nil
	}
	var plain map[string]any
	if err := json.Unmarshal(text, &plain); err != nil {
		return nil
	}
	redacted, _ := redactJSON(plain, redact).(map[string]any)
	return redacted
}

// setVars is where the vars that steps have set are kept, by the name of the file
// that was captured with them: no step has such a name.
const setVars = "$vars"

func setVarsOf(a *Attempt, own map[string]any) map[string]any {
	set := map[string]any{}
	for _, f := range a.Files {
		if f.File.Name == "" {
			continue
		}
		vars := map[string]any{}
		for name, v := range f.Captured.Vars() {
			if before, known := own[name]; !known || !reflect.DeepEqual(before, v) {
				vars[name] = v
			}
		}
		if len(vars) > 0 {
			set[f.File.Name] = vars
		}
	}
	return set
}

// siteNames is where the names are kept that the site gave the files, of those
// that are held against them.
const siteNames = "$site_names"

func siteNamesOf(a *Attempt) map[string]any {
	names := map[string]any{}
	for _, f := range a.Files {
		if m := f.Captured.Proof; m != nil && m.Matches != nil && m.Matches.Names("file", "site_name") {
			names[f.File.Name] = f.File.SiteName
		}
	}
	return names
}

// redactJSON takes the secrets out of all texts of a value that came from JSON.
func redactJSON(v any, redact func(string) string) any {
	switch v := v.(type) {
	case string:
		return redact(v)
	case []any:
		for i := range v {
			v[i] = redactJSON(v[i], redact)
		}
	case map[string]any:
		for name := range v {
			v[name] = redactJSON(v[name], redact)
		}
	}
	return v
}
