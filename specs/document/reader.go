package document

import (
	"fmt"
	"slices"
	"strings"
	"unicode/utf8"

	"gopkg.in/yaml.v3"
)

// Reader reads the YAML files that a spec is made of, and gathers what is wrong
// with them.
type Reader struct {
	// File is the spec's own; texts are all of them.
	File  string
	Texts Texts
	// Path leads to the value that is read: fault tells it.
	Path   string
	Faults Faults
	// Warnings are what is right, and perhaps not meant.
	Warnings Faults
	// Once has the faults that are told once, though what they are in is read
	// each time that it is used; nil tells all.
	Once map[Fault]bool
	// TooMany is set once there are more faults than are told.
	TooMany bool
	// Included are those that are included, by their names; all has them in order.
	Included map[string]*Included
	all      []*Included
	load     func(path string) ([]byte, error)
	// size is how many bytes all files have.
	size int
}

// NewReader begins with the text of a file; load reads those that it includes,
// nil is ReadFile.
func NewReader(file string, src []byte, load func(path string) ([]byte, error)) *Reader {
	if load == nil {
		load = ReadFile
	}
	r := &Reader{File: file, Included: map[string]*Included{}, load: load, size: len(src)}
	r.Texts.add(file, src)
	return r
}

// Fault tells what is wrong at a node.
func (r *Reader) Fault(n *yaml.Node, format string, args ...any) {
	r.FaultAt(r.Pos(n), r.Path, format, args...)
}

// FaultAt tells what is wrong at a place.
func (r *Reader) FaultAt(pos Pos, path, format string, args ...any) {
	if len(r.Faults) == faultsMost {
		r.TooMany = true
		return
	}
	f := Fault{Pos: pos, Path: path, Message: Shorten(fmt.Sprintf(format, args...), 2_000), Source: r.Texts.Line(pos)}
	if r.Once[Fault{Pos: f.Pos, Message: f.Message}] {
		return
	}
	if r.Once != nil {
		r.Once[Fault{Pos: f.Pos, Message: f.Message}] = true
	}
	r.Faults = append(r.Faults, f)
}

// WarnAt tells once what may not be meant at a place.
func (r *Reader) WarnAt(pos Pos, path, message string) {
	w := Fault{Pos: pos, Path: path, Message: message, Source: r.Texts.Line(pos)}
	same := func(old Fault) bool { return old.Pos == w.Pos && old.Message == w.Message }
	if len(r.Warnings) < faultsMost && !slices.ContainsFunc(r.Warnings, same) {
		r.Warnings = append(r.Warnings, w)
	}
}

// Pos gives the place of a node.
func (r *Reader) Pos(n *yaml.Node) Pos {
	t := r.Texts.of(n.Line)
	return Pos{File: t.file, Line: n.Line - t.base, Col: max(n.Column, 1)}
}

// Told gives the faults in the order of the files, and says when there are more
// than that.
func (r *Reader) Told() Faults {
	out := r.Faults.sorted()
	if len(r.Texts) > 1 {
		rank := func(f Fault) int {
			return slices.IndexFunc(r.Texts, func(t *Text) bool { return t.file == f.File })
		}
		slices.SortStableFunc(out, func(a, b Fault) int { return rank(a) - rank(b) })
	}
	if r.TooMany {
		out = append(out, Fault{Pos: Pos{File: r.File, Line: 1, Col: 1}, Message: fmt.Sprintf("there are more than these %d faults", faultsMost)})
	}
	return out
}

// Refuse tells an error at a node.
func (r *Reader) Refuse(n *yaml.Node, err error) {
	if err != nil {
		r.Fault(n, "%v", err)
	}
}

// Inside gives the place of a character of an expression within its node.
func (r *Reader) Inside(n *yaml.Node, code string, offset int) Pos {
	first, _, _ := strings.Cut(code, "\n")
	pos := r.Pos(n)
	for line := pos; line.Line <= pos.Line+40; line.Line++ {
		text := r.Texts.Line(line)
		from := 0
		if line == pos {
			from = BytesOf(text, n.Column-1)
		}
		if i := strings.Index(text[from:], first); i >= 0 && offset <= utf8.RuneCountInString(first) {
			line.Col = utf8.RuneCountInString(text[:from+i]) + offset + 1
			return line
		}
	}
	return r.Pos(n)
}
