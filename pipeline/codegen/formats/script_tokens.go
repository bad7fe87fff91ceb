package formats

import (
	"slices"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"
)

// token is a word, a text, a number or a sign of a script. Scripts of several languages, and of
// TypeScript with its types, are read by their calls alone, so no more than tokens is needed.
type token struct {
	kind tokenKind
	// text is a word, a sign, or what a text holds.
	text string
	line int
}

type tokenKind int

const (
	word tokenKind = iota
	text
	pattern // a regular expression
	mixed   // a text with expressions in it
	sign
)

// scanner takes a script apart.
type scanner struct {
	src    string
	at     int
	line   int
	python bool
	tokens []token
}

// tokensOf takes a script apart. What it cannot read, as a text without an end, ends with the
// line or the script.
func tokensOf(src string, python bool) []token {
	s := &scanner{src: src, line: 1, python: python}
	for s.at < len(s.src) {
		s.next()
	}
	return s.tokens
}

func (s *scanner) add(kind tokenKind, value string, line int) {
	s.tokens = append(s.tokens, token{kind, value, line})
}

func (s *scanner) next() {
	rest := s.src[s.at:]
	r, size := utf8.DecodeRuneInString(rest)
	switch {
	case r == '\n':
		s.line++
		s.at++
	case unicode.IsSpace(r):
		s.at += size
	case s.python && r == '#', !s.python && strings.HasPrefix(rest, "//"):
		s.skip(strings.IndexByte(rest, '\n'))
	case !s.python && strings.HasPrefix(rest, "/*"):
		if end := strings.Index(rest, "*/"); end >= 0 {
			s.skip(end + 2)
		} else {
			s.skip(-1)
		}
	case r == '"' || r == '\'' || r == '`' && !s.python:
		s.quoted("")
	case r == '/' && !s.python && s.patternMayBegin():
		s.pattern()
	case unicode.IsLetter(r) || r == '_' || r == '$' || unicode.IsDigit(r):
		s.word()
	case strings.HasPrefix(rest, "?."):
		s.add(sign, ".", s.line)
		s.at += 2
	case strings.HasPrefix(rest, "=>"):
		s.add(sign, "=>", s.line)
		s.at += 2
	default:
		s.add(sign, string(r), s.line)
		s.at += size
	}
}

// skip goes on by so many bytes, to the end for fewer than none.
func (s *scanner) skip(by int) {
	if by < 0 {
		by = len(s.src) - s.at
	}
	s.line += strings.Count(s.src[s.at:s.at+by], "\n")
	s.at += by
}

func (s *scanner) word() {
	end := s.at
	for end < len(s.src) {
		r, size := utf8.DecodeRuneInString(s.src[end:])
		if !unicode.IsLetter(r) && !unicode.IsDigit(r) && r != '_' && r != '$' {
			break
		}
		end += size
	}
	value := s.src[s.at:end]
	if s.python && end < len(s.src) && (s.src[end] == '"' || s.src[end] == '\'') && len(value) <= 2 && strings.Trim(strings.ToLower(value), "rbfu") == "" {
		s.at = end
		s.quoted(strings.ToLower(value))
		return
	}
	s.add(word, value, s.line)
	s.at = end
}

// patternMayBegin tells whether a slash begins a regular expression: where a value may.
func (s *scanner) patternMayBegin() bool {
	if len(s.tokens) == 0 {
		return false
	}
	last := s.tokens[len(s.tokens)-1]
	return last.kind == sign && slices.Contains([]string{"(", ",", ":", "=", "["}, last.text)
}

func (s *scanner) pattern() {
	end, class := s.at+1, false
	for ; end < len(s.src) && s.src[end] != '\n'; end++ {
		switch c := s.src[end]; {
		case c == '\\':
			end++
		case c == '[':
			class = true
		case c == ']':
			class = false
		case c == '/' && !class:
			flags := end + 1
			for flags < len(s.src) && s.src[flags] >= 'a' && s.src[flags] <= 'z' {
				flags++
			}
			s.add(pattern, s.src[s.at:flags], s.line)
			s.at = flags
			return
		}
	}
	s.add(sign, "/", s.line)
	s.at++
}

// quoted reads a text in quotes.
func (s *scanner) quoted(prefix string) {
	begin, quote := s.line, s.src[s.at:s.at+1]
	if s.python && strings.HasPrefix(s.src[s.at:], strings.Repeat(quote, 3)) {
		quote = strings.Repeat(quote, 3)
	}
	s.at += len(quote)
	var out strings.Builder
	kind := text
	for s.at < len(s.src) && !strings.HasPrefix(s.src[s.at:], quote) {
		c := s.src[s.at]
		switch {
		case c == '\n' && len(quote) == 1 && quote != "`":
			s.add(mixed, out.String(), begin) // it has no end
			return
		case c == '\\' && strings.Contains(prefix, "r"):
			out.WriteByte(c)
			s.at++
			continue
		case c == '\\' && s.at+1 < len(s.src):
			s.at += unescape(s.src[s.at:], &out)
			continue
		case quote == "`" && strings.HasPrefix(s.src[s.at:], "${"), strings.Contains(prefix, "f") && c == '{':
			kind = mixed
		case c == '\n':
			s.line++
		}
		out.WriteByte(c)
		s.at++
	}
	s.at = min(len(s.src), s.at+len(quote))
	s.add(kind, out.String(), begin)
}

// unescape writes the sign that a backslash begins, and gives how many bytes it takes.
func unescape(src string, out *strings.Builder) int {
	size := map[byte]int{'x': 2, 'u': 4, 'U': 8}[src[1]]
	if size > 0 && len(src) >= 2+size {
		if r, ok := hexRune(src[2 : 2+size]); ok {
			out.WriteRune(r)
			return 2 + size
		}
	}
	if plain, is := map[byte]string{'n': "\n", 't': "\t", 'r': "\r", '\n': ""}[src[1]]; is {
		out.WriteString(plain)
		return 2
	}
	_, width := utf8.DecodeRuneInString(src[1:])
	out.WriteString(src[1 : 1+width])
	return 1 + width
}

func hexRune(digits string) (rune, bool) {
	n, err := strconv.ParseInt(digits, 16, 32)
	return rune(n), err == nil && utf8.ValidRune(rune(n))
}
