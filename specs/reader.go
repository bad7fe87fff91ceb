package specs

import (
	"fmt"
	"slices"
	"strings"
	"unicode/utf8"

	"gopkg.in/yaml.v3"
)

// reader reads the YAML files that a spec is made of, and gathers what is wrong
// with them.
type reader struct {
	// file is the spec's own; texts are all of them.
	file  string
	texts texts
	// path leads to the value that is read: fault tells it.
	path   string
	faults Faults
	// again has the faults that are told once, though what they are in is read
	// each time that it is used; nil tells all.
	again map[Fault]bool
	// tooMany is set once there are more faults than are told.
	tooMany bool
	// files are those that are included, by their names; all has them in order.
	files map[string]*included
	all   []*included
	load  func(path string) ([]byte, error)
	// size is how many bytes all files have.
	size int
}

// newYAMLReader begins with the text of a file; load reads those that it includes,
// nil is ReadFile.
func newYAMLReader(file string, src []byte, load func(path string) ([]byte, error)) *reader {
	if load == nil {
		load = ReadFile
	}
	r := &reader{file: file, files: map[string]*included{}, load: load, size: len(src)}
	r.texts.add(file, src)
	return r
}

// fault tells what is wrong at a node.
func (r *reader) fault(n *yaml.Node, format string, args ...any) {
	r.faultAt(r.pos(n), r.path, format, args...)
}

// faultAt tells what is wrong at a place.
func (r *reader) faultAt(pos Pos, path, format string, args ...any) {
	if len(r.faults) == faultsMost {
		r.tooMany = true
		return
	}
	f := Fault{Pos: pos, Path: path, Message: short(fmt.Sprintf(format, args...), 2_000), Source: r.texts.line(pos)}
	if r.again[Fault{Pos: f.Pos, Message: f.Message}] {
		return
	}
	if r.again != nil {
		r.again[Fault{Pos: f.Pos, Message: f.Message}] = true
	}
	r.faults = append(r.faults, f)
}

// pos gives the place of a node.
func (r *reader) pos(n *yaml.Node) Pos {
	t := r.texts.of(n.Line)
	return Pos{File: t.file, Line: n.Line - t.base, Col: max(n.Column, 1)}
}

// told gives the faults in the order of the files, and says when there are more
// than that.
func (r *reader) told() Faults {
	out := r.faults.sorted()
	if len(r.texts) > 1 {
		rank := func(f Fault) int {
			return slices.IndexFunc(r.texts, func(t *text) bool { return t.file == f.File })
		}
		slices.SortStableFunc(out, func(a, b Fault) int { return rank(a) - rank(b) })
	}
	if r.tooMany {
		out = append(out, Fault{Pos: Pos{File: r.file, Line: 1, Col: 1}, Message: fmt.Sprintf("there are more than these %d faults", faultsMost)})
	}
	return out
}

// refuse tells an error at a node.
func (r *reader) refuse(n *yaml.Node, err error) {
	if err != nil {
		r.fault(n, "%v", err)
	}
}

// inside gives the place of a character of an expression within its node.
func (r *reader) inside(n *yaml.Node, code string, offset int) Pos {
	first, _, _ := strings.Cut(code, "\n")
	pos := r.pos(n)
	for line := pos; line.Line <= pos.Line+40; line.Line++ {
		text := r.texts.line(line)
		from := 0
		if line == pos {
			from = bytesOf(text, n.Column-1)
		}
		if i := strings.Index(text[from:], first); i >= 0 && offset <= utf8.RuneCountInString(first) {
			line.Col = utf8.RuneCountInString(text[:from+i]) + offset + 1
			return line
		}
	}
	return r.pos(n)
}
