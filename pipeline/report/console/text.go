package console

import (
	"strings"

	"github.com/charmbracelet/x/ansi"
)

// The widths here are those of wcwidth, by which the picture is laid out on the terminal:
// each rune has its own, whatever it makes up with its neighbours.

// width is how many cells a text takes.
func width(text string) int { return ansi.StringWidthWc(text) }

// cut is a text in so many cells at most, with … for what is left out.
func cut(text string, cells int) string {
	if cells = max(cells, 0); width(text) <= cells {
		return text
	}
	// The spaces have it cut, whatever the text's width is in whole characters, by which
	// the library sees whether there is something to do.
	return ansi.TruncateWc(text+strings.Repeat(" ", cells+1), cells, "…")
}

// padded is a text in exactly so many cells.
func padded(text string, cells int) string {
	text = cut(text, cells)
	return text + strings.Repeat(" ", max(cells-width(text), 0))
}

// flushed is a text at the right end of so many cells.
func flushed(text string, cells int) string {
	text = cut(text, cells)
	return strings.Repeat(" ", max(cells-width(text), 0)) + text
}

// wrap breaks a text at its words into lines of so many cells at most; words that are
// longer are broken too. The lines after the first stand in by the indent.
func wrap(text string, cells, indent int) []string {
	cells = max(cells, 1)
	if indent >= cells/2 {
		indent = 0
	}
	var lines []string
	for i, line := range strings.Split(ansi.WrapWc(text, cells-indent, ""), "\n") {
		line = strings.TrimRight(line, " ")
		if i > 0 {
			line = strings.Repeat(" ", indent) + strings.TrimLeft(line, " ")
		}
		lines = append(lines, line)
	}
	return lines
}

// flow puts pieces one after the other, two spaces apart, into lines of so many cells.
// A piece that is longer is cut.
func flow(pieces []string, cells int) []string {
	var lines []string
	line := ""
	for _, piece := range pieces {
		piece = cut(piece, cells)
		switch {
		case line == "":
			line = piece
		case width(line)+2+width(piece) <= cells:
			line += "  " + piece
		default:
			lines, line = append(lines, line), piece
		}
	}
	return append(lines, line)
}
