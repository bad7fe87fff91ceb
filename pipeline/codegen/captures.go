package codegen

import (
	"path"
	"slices"
	"strconv"
	"strings"
)

// captures writes a step for each of the files that an action brings: where there are several
// they have the same trigger, which is done once.
func (w *writer) captures(a Action, at place) []string {
	all := append([]File{*a.Effect.File}, a.Effect.More...)
	var lines []string
	var kinds []string
	for i := range all {
		one := a
		one.Effect.File = &all[i]
		kind := kindOf(all[i])
		alike := kind == "" || slices.Contains(kinds, kind)
		if kinds = append(kinds, kind); i > 0 && alike {
			at.number = i + 1
			w.note("%s brings several files of one type: say by match in the captures which is which", a.Locators[0])
		}
		lines = append(lines, w.capture(one, at)...)
	}
	return lines
}

// capture writes a step that takes a file.
func (w *writer) capture(a Action, at place) []string {
	file := a.Effect.File
	kind := kindOf(*file)
	ending, expected := "."+kind, []string{"type: " + kind}
	if kind == "" {
		ending, expected = "${{ file.ext != '' ? file.ext : '.pdf' }}", nil
	}
	key := "${{ " + itemOf(w.key) + " }}"
	name := key + ending
	if at.names {
		name = key + "/" + w.fileName(a, at) + ending
	}
	on := "    on: " + w.step(a, place{item: at.item})
	if a.Verb == "goto" {
		on = "    url: " + oneLine(w.value(a, place{item: at.item}))
	}
	lines := []string{"- capture:", on}
	if file.Printed {
		lines = append(lines, "    print: letter")
	}
	lines = append(lines, "    as: "+quoted(name))
	switch text := w.textOf(*file, kind); {
	case text == "":
		expected = append(expected, "contains: "+quoted(key))
		lines = append(lines, "    # The proof that it is the item's own: take contains away if the file does not show the key.")
	case w.shownIn(text) != "":
		expected = append(expected, "contains: "+quoted("${{ "+w.shownIn(text)+" }}"))
	default:
		w.note("the file shows nothing of the item's row: that it is the item's own is proved by no text in it, and only by no other item having the same")
	}
	return append(lines, "    expect: {"+strings.Join(expected, ", ")+"}")
}

// textOf gives the text of a file, "" where nobody can read it.
func (w *writer) textOf(f File, kind string) string {
	if w.options.TextOf != nil && len(f.Body) > 0 {
		if text := w.options.TextOf(f); text != "" {
			return text
		}
	}
	if slices.Contains([]string{"csv", "json", "xml"}, kind) {
		return string(f.Body)
	}
	return ""
}

// leastShown is how long a value is at least, in bytes, that shows whose file it is.
const leastShown = 4

// shownIn gives the expression for what a text shows of the item: its key or, if it does not
// show that, another value of its own; "" for nothing.
func (w *writer) shownIn(text string) string {
	text = strings.Join(strings.Fields(text), " ")
	if len(w.rec.Keys) > 0 && strings.Contains(text, w.rec.Keys[0]) {
		return itemOf(w.key)
	}
	for _, v := range w.items {
		if len(v.value) >= leastShown && strings.Contains(text, v.value) {
			return v.expression
		}
	}
	return ""
}

// kindOf is a file's type as proofs have it; "" where nothing tells.
func kindOf(f File) string {
	for _, is := range []struct{ kind, ending, mime, begin string }{
		{"pdf", ".pdf", "/pdf", "%PDF-"},
		{"xlsx", ".xlsx", "spreadsheetml", ""},
		{"docx", ".docx", "wordprocessingml", ""},
		{"csv", ".csv", "csv", ""},
		{"zip", ".zip", "/zip", ""},
		{"png", ".png", "/png", "\x89PNG"},
		{"jpeg", ".jpg", "/jpeg", "\xff\xd8\xff"},
		{"json", ".json", "json", ""},
		{"xml", ".xml", "xml", "<?xml"},
	} {
		if is.begin != "" && strings.HasPrefix(string(f.Body), is.begin) || strings.HasSuffix(strings.ToLower(f.Name), is.ending) || strings.Contains(f.Type, is.mime) {
			return is.kind
		}
	}
	return ""
}

// fileName names a file by what brought it, and not by the item, whose folder it is in.
func (w *writer) fileName(a Action, at place) string {
	name := fieldName(a)
	if name == "" && len(a.Locators) > 0 {
		name = columnName(a.Locators[0].Text)
	}
	if name == "" || w.ofItem(name) {
		name = columnName(strings.TrimSuffix(a.Effect.File.Name, path.Ext(a.Effect.File.Name)))
	}
	if name == "" || w.ofItem(name) {
		name = "file"
	}
	if at.number > 0 {
		name += "_" + strconv.Itoa(at.number)
	}
	return strings.ReplaceAll(name, "_", "-")
}

// ofItem tells whether a name as columns have them has a value of the item in it.
func (w *writer) ofItem(name string) bool {
	return slices.ContainsFunc(w.items, func(v variable) bool {
		value := columnName(v.value)
		return value != "" && strings.Contains("_"+name+"_", "_"+value+"_")
	})
}
