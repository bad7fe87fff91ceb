package htmlpage

import (
	"fmt"
	"regexp"
	"strconv"
	"strings"
)

// pseudoKind is what a pseudo-class takes.
type pseudoKind int

const (
	plainPseudo    pseudoKind = iota
	listPseudo                // a selector list
	relativePseudo            // a list whose selectors may begin with a combinator
	nthPseudo                 // an+b
	textPseudo                // texts
	matchPseudo               // a selector list and a number
)

// pseudos are the pseudo-classes that can be told without a browser.
var pseudos = map[string]pseudoKind{
	"not": listPseudo, "is": listPseudo, "where": listPseudo, "light": listPseudo, "has": relativePseudo,
	"nth-child": nthPseudo, "nth-last-child": nthPseudo, "nth-of-type": nthPseudo, "nth-last-of-type": nthPseudo,
	"text": textPseudo, "text-is": textPseudo, "has-text": textPseudo, "text-matches": textPseudo, "nth-match": matchPseudo,
	"visible": plainPseudo, "scope": plainPseudo, "root": plainPseudo, "empty": plainPseudo,
	"first-child": plainPseudo, "last-child": plainPseudo, "only-child": plainPseudo,
	"first-of-type": plainPseudo, "last-of-type": plainPseudo, "only-of-type": plainPseudo,
	"checked": plainPseudo, "disabled": plainPseudo, "enabled": plainPseudo, "required": plainPseudo, "optional": plainPseudo,
	"link": plainPseudo, "any-link": plainPseudo,
}

func (p *cssParser) pseudo(t *test) error {
	p.pos++
	t.name = strings.ToLower(p.name())
	kind, known := pseudos[t.name]
	switch {
	case !known:
		return fmt.Errorf(":%s is not known without a page in a browser", t.name)
	case kind == plainPseudo:
		if p.peek() == '(' {
			return fmt.Errorf(":%s takes nothing", t.name)
		}
		return nil
	case p.peek() != '(':
		return fmt.Errorf(":%s wants what it is about in brackets", t.name)
	}
	p.pos++
	var err error
	switch kind {
	case nthPseudo:
		err = p.nth(t)
	case textPseudo:
		err = p.texts(t)
	case matchPseudo:
		err = p.match(t)
	default:
		t.list, err = p.list(kind == relativePseudo)
	}
	if err != nil {
		return err
	}
	if p.space(); p.peek() != ')' {
		return fmt.Errorf(":%s( is not closed", t.name)
	}
	p.pos++
	return nil
}

var nthPattern = regexp.MustCompile(`^(?i)\s*(?:(odd)|(even)|([+-]?\d*)n\s*(?:([+-])\s*(\d+))?|([+-]?\d+))`)

func (p *cssParser) nth(t *test) error {
	found := nthPattern.FindStringSubmatch(p.in[p.pos:])
	if found == nil {
		return fmt.Errorf(":%s wants a number such as 2, odd or 2n+1", t.name)
	}
	p.pos += len(found[0])
	switch {
	case found[1] != "":
		t.nth = nth{2, 1}
	case found[2] != "":
		t.nth = nth{2, 0}
	case found[6] != "":
		t.nth.b, _ = strconv.Atoi(found[6])
	default:
		switch found[3] {
		case "", "+":
			t.nth.a = 1
		case "-":
			t.nth.a = -1
		default:
			t.nth.a, _ = strconv.Atoi(found[3])
		}
		t.nth.b, _ = strconv.Atoi(found[4] + found[5])
	}
	if p.space(); strings.HasPrefix(p.in[p.pos:], "of ") && strings.HasSuffix(t.name, "-child") {
		p.pos += len("of ")
		var err error
		t.list, err = p.list(false)
		return err
	}
	return nil
}

// holds tells whether a place, from 1, is among those of an+b.
func (n nth) holds(place int) bool {
	if n.a == 0 {
		return place == n.b
	}
	return (place-n.b)%n.a == 0 && (place-n.b)/n.a >= 0
}

// texts reads quoted texts, or one that is not quoted.
func (p *cssParser) texts(t *test) error {
	for {
		p.space()
		if q := p.peek(); q != '"' && q != '\'' {
			return fmt.Errorf(":%s wants a text in quotes", t.name)
		}
		text, err := p.quoted()
		if err != nil {
			return err
		}
		t.args = append(t.args, text)
		if p.space(); p.peek() != ',' {
			break
		}
		p.pos++
	}
	if t.name == "text-matches" {
		if len(t.args) > 2 {
			return fmt.Errorf(":%s wants an expression and its flags", t.name)
		}
		_, err := pattern(t.args[0], strings.Join(t.args[1:], ""))
		return err
	}
	if len(t.args) != 1 {
		return fmt.Errorf(":%s wants one text", t.name)
	}
	return nil
}

// match reads a selector list and, after the last comma, a number.
func (p *cssParser) match(t *test) error {
	for {
		p.space()
		if digits := len(p.in[p.pos:]) - len(strings.TrimLeft(p.in[p.pos:], "0123456789")); digits > 0 && len(t.list) > 0 {
			t.nth.b, _ = strconv.Atoi(p.in[p.pos : p.pos+digits])
			p.pos += digits
			if t.nth.b < 1 {
				return fmt.Errorf(":%s counts from 1", t.name)
			}
			return nil
		}
		one, err := p.complex(false)
		if err != nil {
			return err
		}
		t.list = append(t.list, one)
		if p.peek() != ',' {
			return fmt.Errorf(":%s wants a number after the selector", t.name)
		}
		p.pos++
	}
}

// pattern is a regular expression as JavaScript has it. What Go's do not know, only a
// browser can tell.
func pattern(text, flags string) (*regexp.Regexp, error) {
	options := ""
	for _, f := range flags {
		switch f {
		case 'i', 's', 'm':
			options += string(f)
		case 'g', 'u', 'y':
		default:
			return nil, fmt.Errorf("the flag %q is not known", f)
		}
	}
	if options != "" {
		text = "(?" + options + ")" + text
	}
	re, err := regexp.Compile(text)
	if err != nil {
		return nil, fmt.Errorf("%q is no expression that is known without a browser: %w", text, err)
	}
	return re, nil
}
