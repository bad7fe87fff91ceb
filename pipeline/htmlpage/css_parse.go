package htmlpage

import (
	"fmt"
	"strconv"
	"strings"
	"unicode/utf8"
)

// A selector list is alternatives; each is compounds joined by combinators, the last
// being what is looked for. No library has Playwright's pseudo-classes, nor can any be
// taught them, and they stand within CSS's own.
type (
	selectorList []complexSelector
	// complexSelector is compounds, each with the combinator that leads to the next: ' ',
	// '>', '+', '~'. relative is the combinator in front of the first, 0 for none.
	complexSelector struct {
		compounds []compound
		joins     []byte
		relative  byte
	}
	compound struct {
		tag    string // lower case; "" and "*" are any
		tests  []test
		scoped bool // holds :scope
	}
	test struct {
		kind           byte // '#', '.', '[', ':'
		name, op, text string
		fold           bool // the text counts in capitals or not
		list           selectorList
		args           []string
		nth            nth
	}
	nth struct{ a, b int }
)

// cssParser reads a selector.
type cssParser struct {
	in  string
	pos int
}

func parseCSS(text string) (selectorList, error) {
	p := &cssParser{in: text}
	list, err := p.list(false)
	if err == nil && p.pos < len(p.in) {
		err = fmt.Errorf("%q is not expected", p.in[p.pos:])
	}
	if err != nil {
		return nil, fmt.Errorf("the selector %q does not parse: %w", text, err)
	}
	return list, nil
}

func (p *cssParser) peek() byte {
	if p.pos < len(p.in) {
		return p.in[p.pos]
	}
	return 0
}

func (p *cssParser) space() bool {
	from := p.pos
	for p.pos < len(p.in) && strings.IndexByte(" \t\n\r\f", p.in[p.pos]) >= 0 {
		p.pos++
	}
	return p.pos > from
}

// list reads alternatives up to a closing bracket or the end.
func (p *cssParser) list(relative bool) (selectorList, error) {
	var all selectorList
	for {
		one, err := p.complex(relative)
		if err != nil {
			return nil, err
		}
		all = append(all, one)
		if p.peek() != ',' {
			return all, nil
		}
		p.pos++
	}
}

func (p *cssParser) complex(relative bool) (complexSelector, error) {
	var c complexSelector
	p.space()
	if isCombinator(p.peek()) {
		if !relative {
			return c, fmt.Errorf("%q stands where an element is wanted", p.peek())
		}
		c.relative = p.peek()
		p.pos++
		p.space()
	}
	for {
		one, err := p.compound()
		if err != nil {
			return c, err
		}
		c.compounds = append(c.compounds, one)
		spaced := p.space()
		switch next := p.peek(); {
		case isCombinator(next):
			p.pos++
			p.space()
			c.joins = append(c.joins, next)
		case next == 0, next == ',', next == ')':
			return c, nil
		case spaced:
			c.joins = append(c.joins, ' ')
		default:
			return c, fmt.Errorf("%q is not expected", p.in[p.pos:])
		}
	}
}

func isCombinator(b byte) bool { return b == '>' || b == '+' || b == '~' }

func (p *cssParser) compound() (compound, error) {
	var c compound
	from := p.pos
	if p.peek() == '*' {
		p.pos++
	} else if isNameStart(p.in[p.pos:]) {
		c.tag = strings.ToLower(p.name())
	}
	for {
		var t test
		var err error
		switch t.kind = p.peek(); t.kind {
		case '#', '.':
			p.pos++
			if t.name = p.name(); t.name == "" {
				return c, fmt.Errorf("a name is wanted after %q", t.kind)
			}
		case '[':
			err = p.attribute(&t)
		case ':':
			err = p.pseudo(&t)
		default:
			if p.pos == from {
				return c, fmt.Errorf("an element is wanted before %q", p.in[p.pos:])
			}
			return c, nil
		}
		if err != nil {
			return c, err
		}
		c.scoped = c.scoped || t.kind == ':' && t.name == "scope"
		c.tests = append(c.tests, t)
	}
}

func (p *cssParser) attribute(t *test) error {
	p.pos++
	p.space()
	if t.name = strings.ToLower(p.name()); t.name == "" {
		return fmt.Errorf("an attribute's name is wanted in %q", p.in)
	}
	p.space()
	for _, op := range []string{"=", "~=", "|=", "^=", "$=", "*="} {
		if strings.HasPrefix(p.in[p.pos:], op) {
			t.op = op
			p.pos += len(op)
			break
		}
	}
	if t.op != "" {
		p.space()
		if q := p.peek(); q == '"' || q == '\'' {
			text, err := p.quoted()
			if err != nil {
				return err
			}
			t.text = text
		} else if t.text = p.name(); t.text == "" {
			return fmt.Errorf("the value of %s is wanted", t.name)
		}
		t.fold = foldedAttributes[t.name]
		if p.space(); p.peek() == 'i' || p.peek() == 'I' {
			t.fold = true
			p.pos++
		} else if p.peek() == 's' || p.peek() == 'S' {
			t.fold = false
			p.pos++
		}
	}
	if p.space(); p.peek() != ']' {
		return fmt.Errorf("[%s is not closed", t.name)
	}
	p.pos++
	return nil
}

// foldedAttributes are those whose values HTML compares in capitals or not.
var foldedAttributes = names("accept accept-charset align alink axis bgcolor charset checked clear codetype color compact declare defer dir " +
	"direction disabled enctype face frame hreflang http-equiv lang language link media method multiple nohref noresize noshade nowrap readonly rel " +
	"rev rules scope scrolling selected shape target text type valign valuetype vlink")

func names(list string) map[string]bool {
	all := map[string]bool{}
	for name := range strings.FieldsSeq(list) {
		all[name] = true
	}
	return all
}

func (p *cssParser) quoted() (string, error) {
	quote := p.in[p.pos]
	var out strings.Builder
	for p.pos++; p.pos < len(p.in); {
		switch b := p.in[p.pos]; b {
		case quote:
			p.pos++
			return out.String(), nil
		case '\\':
			out.WriteString(p.escape())
		default:
			out.WriteByte(b)
			p.pos++
		}
	}
	return "", fmt.Errorf("the quote %q is not closed", quote)
}

// escape reads a backslash and what it stands before.
func (p *cssParser) escape() string {
	p.pos++
	from := p.pos
	for p.pos < len(p.in) && p.pos < from+6 && strings.IndexByte("0123456789abcdefABCDEF", p.in[p.pos]) >= 0 {
		p.pos++
	}
	if p.pos == from {
		_, size := utf8.DecodeRuneInString(p.in[p.pos:])
		p.pos += size
		return p.in[from:p.pos]
	}
	code, _ := strconv.ParseInt(p.in[from:p.pos], 16, 32)
	if b := p.peek(); b == ' ' || b == '\t' || b == '\n' {
		p.pos++
	}
	return string(rune(code))
}

// isNameStart tells whether a name begins here.
func isNameStart(s string) bool {
	if s == "" {
		return false
	}
	b := s[0]
	if b == '-' && len(s) > 1 {
		b = s[1]
		if b == '-' {
			return true
		}
	}
	return b == '_' || b == '\\' || b >= 0x80 || b >= 'a' && b <= 'z' || b >= 'A' && b <= 'Z'
}

func (p *cssParser) name() string {
	var out strings.Builder
	for p.pos < len(p.in) {
		switch b := p.in[p.pos]; {
		case b == '\\':
			out.WriteString(p.escape())
		case b == '-', b == '_', b >= 0x80, b >= 'a' && b <= 'z', b >= 'A' && b <= 'Z', b >= '0' && b <= '9':
			out.WriteByte(b)
			p.pos++
		default:
			return out.String()
		}
	}
	return out.String()
}
