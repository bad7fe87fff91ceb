package traffic

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"

	"pipe/pipeline"
)

// Difference is something that is not as expected; Item is "" for what concerns all.
type Difference struct {
	Item string `json:"item,omitempty"`
	What string `json:"what"`
	// Expected and Got are short texts.
	Expected string `json:"expected"`
	Got      string `json:"got"`
}

func (d Difference) String() string {
	return fmt.Sprintf("%s: expected %s, got %s", d.What, d.Expected, d.Got)
}

// Compare holds what a run came to against what is expected.
func (e *Expectation) Compare(got *Expectation) []Difference {
	var all []Difference
	if e.Listed != got.Listed {
		all = append(all, Difference{"", "items in the list", fmt.Sprint(e.Listed), fmt.Sprint(got.Listed)})
	}
	for _, want := range e.Items {
		at := slices.IndexFunc(got.Items, func(i Item) bool { return i.Key == want.Key })
		if at < 0 {
			all = append(all, Difference{want.Key, "the item", "in the list", "not there"})
			continue
		}
		all = append(all, want.compare(got.Items[at])...)
	}
	for _, item := range got.Items {
		if !slices.ContainsFunc(e.Items, func(i Item) bool { return i.Key == item.Key }) {
			all = append(all, Difference{item.Key, "the item", "none", string(item.Status)})
		}
	}
	return all
}

func (i Item) compare(got Item) []Difference {
	if i.Status != got.Status || i.Class != got.Class {
		outcome := got.outcome()
		if got.Step != "" && got.Status != pipeline.Done {
			outcome += " at " + got.Step
		}
		if got.Reason != "" {
			outcome += ": " + got.Reason
		}
		return []Difference{{i.Key, "the outcome", i.outcome(), outcome}}
	}
	var all []Difference
	differ := func(what string, want, got any) {
		if a, b := textOfValue(want), textOfValue(got); a != b {
			a, b = fromDifference(a, b)
			all = append(all, Difference{i.Key, what, a, b})
		}
	}
	names := func(r Record) (all []string) {
		for _, f := range r {
			all = append(all, f.Name)
		}
		return all
	}
	for _, name := range slices.Compact(slices.Sorted(slices.Values(append(names(i.Record), names(got.Record)...)))) {
		differ("record "+name, i.Record.value(name), got.Record.value(name))
	}
	for n := range max(len(i.Files), len(got.Files)) {
		var a, b File
		if n < len(i.Files) {
			a = i.Files[n]
		}
		if n < len(got.Files) {
			b = got.Files[n]
		}
		if differ("file", a.Name, b.Name); a.Name != b.Name {
			continue
		}
		differ("type of "+a.Name, a.Type, b.Type)
		if a.SHA256 != "" {
			differ("SHA-256 of "+a.Name, a.SHA256, b.SHA256)
		} else {
			differ("text of "+a.Name, Flat(a.Text), Flat(b.Text))
		}
	}
	return all
}

func (i Item) outcome() string {
	return strings.TrimSpace(strings.Join([]string{string(i.Status), string(i.Class)}, " "))
}

// missingField is the value of a field that a record has not.
type missingField struct{}

func (r Record) value(name string) any {
	for _, f := range r {
		if f.Name == name {
			return f.Value
		}
	}
	return missingField{}
}

func textOfValue(v any) string {
	if (v == missingField{}) {
		return "no such field"
	}
	text, err := json.Marshal(v)
	if err != nil {
		return fmt.Sprint(v)
	}
	return string(text)
}

// fromDifference leaves out what two long texts begin with alike.
func fromDifference(a, b string) (string, string) {
	const most, before = 120, 20
	if len(a) <= most && len(b) <= most {
		return a, b
	}
	at := 0
	for at < len(a) && at < len(b) && a[at] == b[at] {
		at++
	}
	cut := func(text string) string {
		text = strings.ToValidUTF8(text[max(0, at-before):], "")
		if len(text) > most {
			text = strings.ToValidUTF8(text[:most], "") + "…"
		}
		return "…" + text
	}
	return cut(a), cut(b)
}

// Flat is a text with all white space alike.
func Flat(text string) string { return strings.Join(strings.Fields(text), " ") }
