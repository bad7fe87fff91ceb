package specs

import (
	"fmt"
	"sort"
	"strings"

	"github.com/agext/levenshtein"
)

// Pos is a place in a spec file. Line and Col count from 1, Col in characters.
type Pos struct {
	File string
	Line int
	Col  int
}

// String gives file:line:col.
func (p Pos) String() string { return fmt.Sprintf("%s:%d:%d", p.File, p.Line, p.Col) }

// Fault is one thing that is wrong in a spec.
type Fault struct {
	Pos
	// Path leads to the value, as login.steps[2].fill; "" for the whole file.
	Path string
	// Message says what is wrong and, where known, what was meant.
	Message string
	// Source is the text of the line, "" when there is none.
	Source string
}

// Error gives the fault in one line.
func (f Fault) Error() string {
	if f.Path == "" {
		return fmt.Sprintf("%s: %s", f.Pos, f.Message)
	}
	return fmt.Sprintf("%s: %s: %s", f.Pos, f.Path, f.Message)
}

// Render gives the fault with the line under it and a caret.
func (f Fault) Render() string {
	if f.Source == "" {
		return f.Error()
	}
	number := fmt.Sprint(f.Line)
	line := []rune(f.Source)
	at := min(max(f.Col-1, 0), len(line))
	start := max(0, at-70)
	end := min(len(line), start+110)
	pad := strings.Map(func(r rune) rune {
		if r == '\t' {
			return r
		}
		return ' '
	}, string(line[start:at]))
	return fmt.Sprintf("%s\n  %s | %s\n  %s | %s^", f.Error(), number, string(line[start:end]),
		strings.Repeat(" ", len(number)), pad)
}

// Faults are all that is wrong in a spec, in the order of the file.
type Faults []Fault

// Error gives all faults, each with its line.
func (fs Faults) Error() string {
	lines := make([]string, len(fs))
	for i, f := range fs {
		lines[i] = f.Render()
	}
	return strings.Join(lines, "\n")
}

func (fs Faults) sorted() Faults {
	sort.SliceStable(fs, func(i, j int) bool {
		if fs[i].Line != fs[j].Line {
			return fs[i].Line < fs[j].Line
		}
		return fs[i].Col < fs[j].Col
	})
	return fs
}

// suggest gives ` (did you mean "x"?)` when one of the names is near, or "".
func suggest(name string, names []string) string {
	best, score := "", 0.0
	for _, n := range names {
		if s := levenshtein.Similarity(strings.ToLower(name), strings.ToLower(n), nil); s > score {
			best, score = n, s
		}
	}
	if score < 0.6 {
		return ""
	}
	return fmt.Sprintf(" (did you mean %q?)", best)
}
