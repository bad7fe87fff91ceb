package document

import (
	"fmt"
	"sort"
	"strings"
	"unicode"
)

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
	line, at := f.excerpt()
	pad := strings.Map(func(r rune) rune {
		if r == '\t' {
			return r
		}
		return ' '
	}, line[:at])
	return fmt.Sprintf("%s\n  %s | %s\n  %s | %s^", f.Error(), number, printable(line),
		strings.Repeat(" ", len(number)), pad)
}

// Excerpt gives what there is of the line around the fault: a line may be as
// long as the file.
func (f Fault) Excerpt() string {
	line, _ := f.excerpt()
	return printable(line)
}

// excerpt gives a part of the line, and where in it the fault is, in bytes.
func (f Fault) excerpt() (line string, at int) {
	start := max(0, f.Col-1-70)
	line = f.Source[BytesOf(f.Source, start):]
	line = line[:BytesOf(line, 110)]
	return line, BytesOf(line, f.Col-1-start)
}

// printable leaves out what is no text: it is not for a terminal.
func printable(line string) string {
	return strings.Map(func(r rune) rune {
		if r != '\t' && !unicode.IsPrint(r) {
			return unicode.ReplacementChar
		}
		return r
	}, line)
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
