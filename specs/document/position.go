package document

import (
	"fmt"
	"slices"
	"strconv"
	"strings"

	"gopkg.in/yaml.v3"
)

// Pos is a place in a spec file. Line and Col count from 1, Col in characters.
type Pos struct {
	File string
	Line int
	Col  int
}

// String gives file:line:col.
func (p Pos) String() string { return fmt.Sprintf("%s:%d:%d", p.File, p.Line, p.Col) }

// Text is a file that a spec is made of. The lines of all files are counted
// through, so that a node's line tells its file: the spec's own come first.
type Text struct {
	file  string
	Lines []string
	// base is how many lines there are before its first.
	base int
}

// Texts are the files of a spec, the spec's own first.
type Texts []*Text

// add takes in one more file.
func (ts *Texts) add(file string, src []byte) *Text {
	t := &Text{file: file, Lines: linesOf(src)}
	if len(*ts) > 0 {
		last := (*ts)[len(*ts)-1]
		t.base = last.base + len(last.Lines) + 1
	}
	*ts = append(*ts, t)
	return t
}

// of gives the file of a line.
func (ts Texts) of(line int) *Text {
	for _, t := range slices.Backward(ts) {
		if line > t.base {
			return t
		}
	}
	return ts[0]
}

// Line gives the text of a line of a file, "" where there is none.
func (ts Texts) Line(at Pos) string {
	i := slices.IndexFunc(ts, func(t *Text) bool { return t.file == at.File })
	if i < 0 || at.Line < 1 || at.Line > len(ts[i].Lines) {
		return ""
	}
	return ts[i].Lines[at.Line-1]
}

// lineBreaks are all that end a line in YAML.
var lineBreaks = strings.NewReplacer("\r\n", "\n", "\r", "\n", "\u0085", "\n", "\u2028", "\n", "\u2029", "\n")

func linesOf(src []byte) []string {
	return strings.Split(lineBreaks.Replace(strings.TrimPrefix(string(src), "\ufeff")), "\n")
}

// BytesOf gives how many bytes the first characters of a line take.
func BytesOf(line string, characters int) int {
	for i := range line {
		if characters <= 0 {
			return i
		}
		characters--
	}
	return len(line)
}

// Find gives the place of what a path such as record.fields.vin or download[1]
// leads to in the first file: that of the last of its parts that is there.
func (ts Texts) Find(path string) Pos {
	at := Pos{File: ts[0].file, Line: 1, Col: 1}
	var doc yaml.Node
	if err := yaml.Unmarshal([]byte(strings.Join(ts[0].Lines, "\n")), &doc); err != nil || len(doc.Content) == 0 {
		return at // it has been read once
	}
	n := doc.Content[0]
	for _, name := range strings.FieldsFunc(path, func(r rune) bool { return r == '.' || r == '[' || r == ']' }) {
		key, value := child(n, name)
		if key == nil {
			return at
		}
		n, at.Line, at.Col = value, key.Line, key.Column
	}
	return at
}

// child gives what goes by a name, or an index, in a node, and where it stands.
func child(n *yaml.Node, name string) (key, value *yaml.Node) {
	if n.Kind == yaml.AliasNode {
		n = n.Alias
	}
	if i, err := strconv.Atoi(name); err == nil && n.Kind == yaml.SequenceNode && i < len(n.Content) {
		return n.Content[i], n.Content[i]
	}
	for i := 0; n.Kind == yaml.MappingNode && i+1 < len(n.Content); i += 2 {
		if n.Content[i].Value == name {
			return n.Content[i], n.Content[i+1]
		}
	}
	return nil, nil
}

// Paths names the files.
func (ts Texts) Paths() []string {
	names := make([]string, len(ts))
	for i, t := range ts {
		names[i] = t.file
	}
	return names
}
