package engine

import (
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"slices"

	"pipe/steps"
)

// isOnlyLook tells that a look ended where something might have been changed.
func isOnlyLook(err error) bool {
	var needs *steps.NeedsPageError
	return errors.As(err, &needs) && needs == steps.ErrOnlyLooks
}

// plainOf gives a value as JSON has it, so that two can be compared.
func plainOf(v any) any {
	text, err := json.Marshal(v)
	if err != nil {
		return nil
	}
	var plain any
	if json.Unmarshal(text, &plain) != nil {
		return nil
	}
	return plain
}

// differs says what an item came to otherwise by a page, "" for nothing. whole is true
// where it was done to its end without one; else what it has until there is compared.
func (o *outcome) differs(a *Attempt, on *steps.StepContext, whole bool) string {
	by := &outcome{read: a.Read, at: a.at, found: plainOf(on.Values["steps"])}
	for _, c := range on.Captures {
		by.captures = append(by.captures, c.Step.Path+" "+c.Name)
	}
	return o.against(by, whole)
}

// against says what an outcome without a page has otherwise than one by a page.
func (o *outcome) against(by *outcome, whole bool) string {
	found, _ := o.found.(map[string]any)
	byPage, _ := by.found.(map[string]any)
	for _, name := range slices.Sorted(maps.Keys(found)) {
		if text := difference("steps."+name, found[name], byPage[name]); text != "" {
			return text
		}
	}
	if o.at != "" {
		if text := difference("the address that navigate leads to", o.at, by.at); text != "" {
			return text
		}
	}
	if !whole {
		return ""
	}
	for _, name := range slices.Sorted(maps.Keys(byPage)) {
		if _, has := found[name]; !has {
			return difference("steps."+name, nil, byPage[name])
		}
	}
	for _, name := range slices.Sorted(maps.Keys(by.read)) {
		if text := difference("record.fields."+name, plainOf(o.read[name]), plainOf(by.read[name])); text != "" {
			return text
		}
	}
	if !slices.Equal(by.captures, o.captures) {
		return fmt.Sprintf("the files are %q, and %q by a page", o.captures, by.captures)
	}
	return ""
}

// difference says how a value differs, "" where it does not. Of an answer of the site's
// the headers may.
func difference(name string, without, by any) string {
	if answer, is := without.(map[string]any); is && answer["headers"] != nil {
		other, _ := by.(map[string]any)
		without, by = withoutHeaders(answer), withoutHeaders(other)
	}
	one, _ := json.Marshal(without)
	other, _ := json.Marshal(by)
	if string(one) == string(other) {
		return ""
	}
	return fmt.Sprintf("%s is %.200s, and %.200s by a page", name, one, other)
}

func withoutHeaders(answer map[string]any) map[string]any {
	plain := maps.Clone(answer)
	delete(plain, "headers")
	return plain
}
