package evidence

import (
	"bytes"
	"encoding/json"
	"regexp"
	"strings"
)

// rewriteEvents rewrites lines of JSON.
func rewriteEvents(data []byte, redact func(string) string) ([]byte, error) {
	var events []any
	dec := json.NewDecoder(bytes.NewReader(data))
	dec.UseNumber()
	calls := map[any]bool{} // those that acted on a field for a password
	for dec.More() {
		var event any
		if err := dec.Decode(&event); err != nil {
			return nil, err
		}
		fields, _ := event.(map[string]any)
		if message, _ := fields["message"].(string); strings.Contains(message, `resolved to <input`) && strings.Contains(message, `type="password"`) {
			calls[fields["callId"]] = true
		}
		if fields["apiName"] == nameless {
			fields["apiName"] = fields["method"]
		}
		events = append(events, event)
	}
	var out bytes.Buffer
	enc := json.NewEncoder(&out)
	enc.SetEscapeHTML(false)
	for _, event := range events {
		if fields, is := event.(map[string]any); is && calls[fields["callId"]] {
			blankCall(fields)
		}
		if err := enc.Encode(cleanValue(event, redact)); err != nil {
			return nil, err
		}
	}
	return out.Bytes(), nil
}

// nameless is what the driver's Go library gives for the name of each call.
const nameless = "SerializeCallStack"

// blankCall takes out what a call has put into a field for a password.
func blankCall(fields map[string]any) {
	if params, is := fields["params"].(map[string]any); is {
		for _, name := range []string{"value", "text"} {
			if params[name] != nil {
				params[name] = hidden
			}
		}
	}
	if message, is := fields["message"].(string); is {
		fields["message"] = filled.ReplaceAllString(message, "$1("+hidden+")")
	}
}

// filled is how a log tells what was put into a field.
var filled = regexp.MustCompile(`^(\s*(?:fill|type|press)\w*)\(.*\)`)

// cleanValue takes the secrets out of a value of an event: out of all texts, and whole
// where a header, a cookie or a field for a password is one.
func cleanValue(value any, redact func(string) string) any {
	switch v := value.(type) {
	case string:
		if strings.Contains(v, "<input") {
			v = blankPasswords(v)
		}
		return redact(v)
	case []any:
		for i := range v {
			v[i] = cleanValue(v[i], redact)
		}
		blankField(v)
	case map[string]any:
		for key, field := range v {
			if list, is := field.([]any); is && key == "cookies" {
				blankCookies(list)
			}
			clean := cleanValue(field, redact)
			if plain := redact(key); plain != key {
				delete(v, key)
				key = plain
			}
			v[key] = clean
		}
		if name, is := v["name"].(string); is && secretHeaders[strings.ToLower(name)] && v["value"] != nil {
			v["value"] = hidden
		}
	}
	return value
}

const hidden = "***"

// secretHeaders are the headers by whose values somebody is logged in.
var secretHeaders = map[string]bool{
	"cookie": true, "set-cookie": true, "authorization": true, "proxy-authorization": true, "x-csrf-token": true, "x-xsrf-token": true,
	"x-api-key": true,
}

func blankCookies(cookies []any) {
	for _, one := range cookies {
		if cookie, is := one.(map[string]any); is && cookie["value"] != nil {
			cookie["value"] = hidden
		}
	}
}

// blankField takes the value out of a field for a password, as a snapshot of a page has
// it: its name, its attributes, and what is in it.
func blankField(element []any) {
	if len(element) < 2 {
		return
	}
	name, _ := element[0].(string)
	attributes, _ := element[1].(map[string]any)
	if !strings.EqualFold(name, "input") {
		return
	}
	kind, _ := attributes["type"].(string)
	fills, _ := attributes["autocomplete"].(string)
	if !forPassword(kind, fills) {
		return
	}
	for key := range attributes {
		if strings.Contains(strings.ToLower(key), "value") {
			attributes[key] = ""
		}
	}
}
