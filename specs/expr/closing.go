package expr

import "strings"

// CutExpression cuts a text behind the ${{ of an expression where that ends. A }}
// within a text, a comment or a mapping is the expression's own.
func CutExpression(text string) (code, after string, closed bool) {
	if at := closingBraces(text); at >= 0 {
		return text[:at], text[at+2:], true
	}
	// What is wrong in it is told best of the part up to the first.
	return strings.Cut(text, "}}")
}

// closingBraces gives the place of the }} that ends an expression, -1 for none.
func closingBraces(code string) int {
	depth := 0
	for i := 0; i < len(code); i++ {
		switch c := code[i]; c {
		case '"', '\'', '`':
			i = endOfText(code, i)
		case '/':
			i = endOfComment(code, i)
		case '{':
			depth++
		case '}':
			if depth > 0 {
				depth--
			} else if strings.HasPrefix(code[i:], "}}") {
				return i
			}
		}
	}
	return -1
}

// endOfText gives the place of the quote that ends a text; the end of the code
// where none does.
func endOfText(code string, from int) int {
	for i := from + 1; i < len(code); i++ {
		switch {
		case code[i] == code[from]:
			return i
		case code[i] == '\\' && code[from] != '`':
			i++
		}
	}
	return len(code)
}

// endOfComment gives the last place of a comment that begins here, or the place
// itself. One to the end of its line ends with its expression.
func endOfComment(code string, from int) int {
	rest := code[from:]
	switch {
	case strings.HasPrefix(rest, "/*"):
		if at := strings.Index(rest[2:], "*/"); at >= 0 {
			return from + at + 3
		}
		return len(code)
	case strings.HasPrefix(rest, "//"):
		line, _, _ := strings.Cut(rest, "\n")
		line, _, _ = strings.Cut(line, "}}")
		return from + len(line) - 1
	default:
		return from
	}
}
