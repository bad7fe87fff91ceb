package expr

import (
	"maps"
	"slices"
	"strings"

	"github.com/expr-lang/expr/builtin"
)

// Names tells the names that expressions know, and where.
func Names() [][2]string {
	return [][2]string{
		{"item", "the item's row; in " + knownIn["item"]},
		{"account", "the account's fields; in " + knownIn["account"]},
		{"secret", "secrets, by name; in " + knownIn["secret"]},
		{"env", "environment variables, by name; everywhere"},
		{"vars", "the spec's own values, by name; everywhere"},
		{"steps", "what named steps have found; in " + knownIn["steps"]},
		{"params", "the parameters of a block; in its steps"},
		{"file", "the file; in " + knownIn["file"]},
		{"error", "the failure; in " + knownIn["error"]},
		{"run", "the run: " + strings.Join(slices.Sorted(maps.Keys(runTypes)), ", ") + "; in " + knownIn["run"]},
		{"event", "what is told of the run: " + strings.Join(slices.Sorted(maps.Keys(eventTypes)), ", ") + "; in " + knownIn["event"]},
	}
}

// LanguageExamples are the functions and operators of the expression language
// itself that specs have most use for.
func LanguageExamples() []Function {
	return []Function{
		{Use: "x ?? y", Doc: "x, or y where there is no x", Example: `env.NOT_SET ?? "none"`, Gives: `"none"`},
		{Use: "c ? x : y", Doc: "x where c is true, else y", Example: `2 > 1 ? "more" : "less"`, Gives: `"more"`},
		{Use: "x contains y", Doc: "and startsWith, endsWith: of texts", Example: `"V-1042.pdf" endsWith ".pdf"`, Gives: `true`},
		{Use: "x matches p", Doc: "whether a regular expression finds something", Example: `"V-1042" matches "^V-[0-9]+$"`, Gives: `true`},
		{Use: "x in y", Doc: "whether a list has it", Example: `"north" in ["north", "south"]`, Gives: `true`},
		{Use: "text[from:to]", Doc: "a part of a text or a list", Example: `"V-1042"[2:]`, Gives: `"1042"`},
		{Name: "trim", Use: "trim(text)", Doc: "without the white space around it", Example: `trim(" a b ")`, Gives: `"a b"`},
		{Name: "lower", Use: "lower(text)", Doc: "in small letters; upper in capitals", Example: `lower("PDF") + upper("pdf")`, Gives: `"pdfPDF"`},
		{Name: "split", Use: "split(text, by)", Doc: "a list of its parts", Example: `split("a, b", ", ")[1]`, Gives: `"b"`},
		{Name: "join", Use: "join(list, with)", Doc: "the way back", Example: `join(["a", "b"], "+")`, Gives: `"a+b"`},
		{Name: "replace", Use: "replace(text, old, new)", Doc: "each old text by a new one", Example: `replace("1/2/3", "/", "-")`, Gives: `"1-2-3"`},
		{Name: "trimPrefix", Use: "trimPrefix(text, prefix)", Doc: "without what it begins with; trimSuffix at its end", Example: `trimPrefix("V-1042", "V-")`, Gives: `"1042"`},
		{Name: "len", Use: "len(x)", Doc: "how long a text or a list is", Example: `len("V-1042")`, Gives: `6`},
		{Name: "int", Use: "int(x)", Doc: "a whole number of a plain text; float with decimals", Example: `int("42") + float("0.5")`, Gives: `42.5`},
		{Name: "string", Use: "string(x)", Doc: "the text of a number", Example: `string(42) + "!"`, Gives: `"42!"`},
		{Name: "round", Use: "round(x)", Doc: "to a whole number; floor and ceil down and up", Example: `round(41.7)`, Gives: `42.0`},
		{Name: "first", Use: "first(list)", Doc: "its first; last its last", Example: `first(["a", "b"]) + last(["a", "b"])`, Gives: `"ab"`},
		{Name: "map", Use: "map(list, x)", Doc: "a list of what x gives for each, which is #; filter keeps those for which x is true", Example: `map(filter([1, 2, 3], # > 1), # * 10)`, Gives: `[20, 30]`},
		{Name: "toJSON", Use: "toJSON(x)", Doc: "the JSON of a value", Example: `toJSON([1, "a"])`, Gives: `"[\n  1,\n  \"a\"\n]"`},
	}
}

// LanguageFunctions names the functions that the expression language has itself,
// in the order of the alphabet.
func LanguageFunctions() []string {
	var names []string
	for _, f := range builtin.Builtins {
		if !slices.ContainsFunc(Functions(), func(own Function) bool { return own.Name == f.Name }) {
			names = append(names, f.Name)
		}
	}
	slices.Sort(names)
	return names
}

// FunctionNames names all functions that expressions have.
func FunctionNames() []string {
	names := LanguageFunctions()
	for _, f := range ours() {
		names = append(names, f.Name)
	}
	return names
}
