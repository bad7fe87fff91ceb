package specs

import (
	"fmt"
	"slices"
	"strings"

	"gopkg.in/yaml.v3"
)

// text is a file that a spec is made of. The lines of all files are counted
// through, so that a node's line tells its file: the spec's own come first.
type text struct {
	file  string
	lines []string
	// base is how many lines there are before its first.
	base int
}

// texts are the files of a spec, the spec's own first.
type texts []*text

// add takes in one more file.
func (ts *texts) add(file string, src []byte) *text {
	t := &text{file: file, lines: linesOf(src)}
	if len(*ts) > 0 {
		last := (*ts)[len(*ts)-1]
		t.base = last.base + len(last.lines) + 1
	}
	*ts = append(*ts, t)
	return t
}

// Paths names the files that the spec is made of, its own first and then those
// that it includes.
func (s *Spec) Paths() []string {
	names := make([]string, len(s.texts))
	for i, t := range s.texts {
		names[i] = t.file
	}
	return names
}

// of gives the file of a line.
func (ts texts) of(line int) *text {
	for _, t := range slices.Backward(ts) {
		if line > t.base {
			return t
		}
	}
	return ts[0]
}

// line gives the text of a line of a file, "" where there is none.
func (ts texts) line(at Pos) string {
	i := slices.IndexFunc(ts, func(t *text) bool { return t.file == at.File })
	if i < 0 || at.Line < 1 || at.Line > len(ts[i].lines) {
		return ""
	}
	return ts[i].lines[at.Line-1]
}

func (d *decoder) fault(n *yaml.Node, format string, args ...any) {
	d.faultAt(d.pos(n), d.path, format, args...)
}

func (d *decoder) faultAt(pos Pos, path, format string, args ...any) {
	if len(d.faults) == faultsMost {
		d.tooMany = true
		return
	}
	f := Fault{Pos: pos, Path: path, Message: short(fmt.Sprintf(format, args...), 2_000), Source: d.texts.line(pos)}
	if d.again[Fault{Pos: f.Pos, Message: f.Message}] {
		return
	}
	if d.again != nil {
		d.again[Fault{Pos: f.Pos, Message: f.Message}] = true
	}
	d.faults = append(d.faults, f)
}

func (d *decoder) pos(n *yaml.Node) Pos {
	t := d.texts.of(n.Line)
	return Pos{File: t.file, Line: n.Line - t.base, Col: max(n.Column, 1)}
}

// told gives the faults in the order of the files, and says when there are more
// than that.
func (d *decoder) told() Faults {
	out := d.faults.sorted()
	if len(d.texts) > 1 {
		rank := func(f Fault) int {
			return slices.IndexFunc(d.texts, func(t *text) bool { return t.file == f.File })
		}
		slices.SortStableFunc(out, func(a, b Fault) int { return rank(a) - rank(b) })
	}
	if d.tooMany {
		out = append(out, Fault{Pos: Pos{File: d.file, Line: 1, Col: 1}, Message: fmt.Sprintf("there are more than these %d faults", faultsMost)})
	}
	return out
}

// lineBreaks are all that end a line in YAML.
var lineBreaks = strings.NewReplacer("\r\n", "\n", "\r", "\n", "\u0085", "\n", "\u2028", "\n", "\u2029", "\n")

func linesOf(src []byte) []string {
	return strings.Split(lineBreaks.Replace(strings.TrimPrefix(string(src), "\ufeff")), "\n")
}

// bytesOf gives how many bytes the first characters of a line take.
func bytesOf(line string, characters int) int {
	for i := range line {
		if characters <= 0 {
			return i
		}
		characters--
	}
	return len(line)
}
