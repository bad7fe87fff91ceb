package recorder

import (
	"encoding/json"
	"strings"
	"unicode"

	"pipe/pipeline/codegen"
)

// GuessKey gives what most likely identifies the item that was done, "" where nothing does:
// of the values of the row that was acted on, of what was typed and of what was chosen, that
// which stands in most of the addresses, names of files and lists of the recording.
func GuessKey(rec codegen.Recording) string {
	best, most := "", 0
	for _, value := range candidates(rec) {
		if n := mentions(rec, value); n > most {
			best, most = value, n
		}
	}
	return best
}

// candidates are values that may be a key, in the order in which they have come.
func candidates(rec codegen.Recording) []string {
	var all []string
	add := func(value string) {
		if value = strings.TrimSpace(value); len(value) > 1 && len(value) <= 60 && strings.ContainsFunc(value, unicode.IsDigit) {
			all = append(all, value)
		}
	}
	loggedIn := 0
	for i, a := range rec.Actions {
		if a.Secret {
			loggedIn = i + 1
		}
	}
	for _, a := range rec.Actions[loggedIn:] {
		if l := a.List; l != nil {
			for _, c := range l.Columns {
				if c.Unique {
					add(l.Values[c.Name])
				}
			}
		}
		switch a.Verb {
		case "fill":
			add(plain(a.Value))
			add(a.Value)
		case "select":
			add(a.Value)
			for _, word := range strings.Fields(a.Value) {
				add(word)
			}
		case "click":
			if a.Element != nil && a.Element.Role == "link" {
				add(a.Element.Name)
			}
		}
	}
	return all
}

// mentions counts where a value stands.
func mentions(rec codegen.Recording, value string) int {
	n := 0
	count := func(text string) {
		if hasWord(text, value) {
			n++
		}
	}
	for _, a := range rec.Actions {
		if a.Verb == "goto" || a.Verb == "fill" || a.Verb == "select" {
			count(a.Value)
		}
		count(a.Effect.Address)
		if f := a.Effect.File; f != nil {
			count(f.Name)
			count(f.Address)
			count(string(f.Body))
		}
		if a.List != nil {
			text, _ := json.Marshal(a.List.Values) // of strings, which it takes
			count(string(text))
		}
		if a.Element != nil {
			count(a.Element.Name)
			count(a.Element.Row)
			count(a.Element.Attributes["href"])
		}
	}
	return n
}

// plain is a value without what a field may have put into it while it was typed, as 25-1.
func plain(value string) string {
	return strings.Map(func(r rune) rune {
		if unicode.IsLetter(r) || unicode.IsDigit(r) {
			return r
		}
		return -1
	}, value)
}

// WithKeys gives the recording as one of the items with these keys. A list in whose row none
// of them stands is not that of the items, as that of one item's files; a field that writes a
// key in its own way was given the key.
func WithKeys(rec codegen.Recording, keys []string) codegen.Recording {
	rec.Keys = keys
	if len(keys) == 0 {
		return rec
	}
	for i := range rec.Actions {
		if l := rec.Actions[i].List; l != nil && !hasKey(l, keys) {
			rec.Actions[i].List = nil
		}
		for _, key := range keys {
			if a := &rec.Actions[i]; a.Verb == "fill" && !a.Secret && strings.EqualFold(plain(a.Value), plain(key)) && plain(key) != "" {
				a.Value = key
			}
		}
	}
	return rec
}

func hasKey(l *codegen.List, keys []string) bool {
	for _, value := range l.Values {
		for _, key := range keys {
			if hasWord(value, key) {
				return true
			}
		}
	}
	return false
}

// hasWord tells whether a text has a value that is no part of a longer word.
func hasWord(text, value string) bool {
	for {
		before, after, found := strings.Cut(text, value)
		if !found {
			return false
		}
		if !endsInWord(before) && !beginsWithWord(after) {
			return true
		}
		text = after
	}
}

func endsInWord(text string) bool {
	return strings.LastIndexFunc(text, isWord) == len(text)-1 && text != ""
}

func beginsWithWord(text string) bool { return strings.IndexFunc(text, isWord) == 0 }

func isWord(r rune) bool { return r < unicode.MaxASCII && (unicode.IsLetter(r) || unicode.IsDigit(r)) }
