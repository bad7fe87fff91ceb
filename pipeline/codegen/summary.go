package codegen

import (
	"fmt"
	"slices"
	"strings"
)

// understood says in lines what of the recording has become which part of the spec.
func (w *writer) understood(p parts) []string {
	var lines []string
	say := func(format string, args ...any) { lines = append(lines, fmt.Sprintf(format, args...)) }
	if len(p.login) > 0 {
		fields := make([]string, len(w.credentials))
		for i, c := range w.credentials {
			fields[i] = c.field
		}
		say("login: %s, with %s as secrets", counted(len(p.login), "action"), strings.Join(fields, ", "))
	}
	say("source: %s", w.sourceWords(p))
	if len(w.rec.Keys) > 0 {
		names := []string{}
		for _, v := range w.items {
			if name := strings.TrimPrefix(v.expression, "item."); !slices.Contains(names, name) {
				names = append(names, name)
			}
		}
		say("item: %q was recorded, whose values stand for %s", w.rec.Keys[0], strings.Join(names, ", "))
	}
	if w.files == 0 {
		say("file: none came, so that the spec fetches none")
	} else {
		say("file: %s for each item", counted(w.files, "file"))
	}
	return lines
}

// sourceWords says where the list comes from.
func (w *writer) sourceWords(p parts) string {
	switch w.source {
	case fromList:
		return "the file " + w.options.List.Path
	case fromExport:
		return "the site's own export"
	case fromTable:
		list := w.listOf(p)
		text := fmt.Sprintf("a list of %s on the page, with %s", counted(list.Count, "row"), counted(len(list.Columns), "column"))
		switch {
		case list.Next != nil || list.Numbers != nil:
			text += ", and its further pages"
		case list.More != nil:
			text += ", and more by a button"
		case list.Scroll || list.Scroller != nil:
			text += ", which grows when it is scrolled"
		}
		return text
	}
	return "the items stand in the spec itself, as no list was seen"
}

// counted gives a number with its noun.
func counted(n int, noun string) string {
	if n == 1 {
		return "1 " + noun
	}
	return fmt.Sprintf("%d %ss", n, noun)
}
