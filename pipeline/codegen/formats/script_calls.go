package formats

import "strings"

// chain is a value of a script and what is called on it: page.getByRole('row').first().
type chain struct {
	root  string
	links []link
	line  int
	// source is its text, for notes.
	source string
}

// link is a name in a chain, with the arguments where it is called.
type link struct {
	name   string
	called bool
	args   []value
	// named are the members of an object among the arguments, or arguments with names.
	named map[string]value
	// words are all words within the arguments, as those of a function.
	words []string
}

// value is an argument.
type value struct {
	// known is false for what no text or call is, as a sum.
	known bool
	text  string
	// regexp is true of a regular expression, with its slashes.
	regexp bool
	chain  *chain
	list   []value
}

// maxDepth is how deep calls may stand within one another.
const maxDepth = 50

// parser reads chains of tokens.
type parser struct {
	tokens []token
	at     int
	python bool
	depth  int
}

func (p *parser) peek() token {
	if p.at < len(p.tokens) {
		return p.tokens[p.at]
	}
	return token{kind: sign}
}

func (p *parser) is(text string) bool {
	t := p.peek()
	return t.kind == sign && t.text == text && p.at < len(p.tokens)
}

// chain reads a chain, which begins with a word.
func (p *parser) chain() chain {
	begin := p.at
	c := chain{root: p.peek().text, line: p.peek().line}
	p.at++
	if p.is("(") { // a function of no object, as expect(…)
		c.links = append(c.links, p.arguments(link{name: c.root}))
	}
	for p.at < len(p.tokens) {
		if p.is("!") { // not null, says TypeScript
			p.at++
			continue
		}
		if !p.is(".") || p.at+1 >= len(p.tokens) || p.tokens[p.at+1].kind != word {
			break
		}
		l := link{name: camel(p.tokens[p.at+1].text)}
		p.at += 2
		if p.is("(") {
			l = p.arguments(l)
		}
		c.links = append(c.links, l)
	}
	var source strings.Builder
	for _, t := range p.tokens[begin:p.at] {
		if t.kind == text {
			source.WriteString("'" + t.text + "'")
		} else {
			source.WriteString(t.text)
		}
	}
	c.source = source.String()
	return c
}

// camel gives Python's get_by_role as JavaScript has it: getByRole.
func camel(name string) string {
	parts := strings.Split(name, "_")
	for i, part := range parts {
		if i > 0 && part != "" {
			parts[i] = strings.ToUpper(part[:1]) + part[1:]
		}
	}
	return strings.Join(parts, "")
}

// arguments reads what stands in parentheses.
func (p *parser) arguments(l link) link {
	l.called, l.named = true, map[string]value{}
	end := p.closing()
	for _, t := range p.tokens[p.at:end] {
		if t.kind == word {
			l.words = append(l.words, t.text)
		}
	}
	p.at++
	if p.depth++; p.depth <= maxDepth {
		for p.at < end {
			p.argument(&l, end)
		}
	}
	p.depth--
	p.at = min(end+1, len(p.tokens))
	return l
}

// closing is where the bracket closes that is next; the end of the script for none.
func (p *parser) closing() int {
	depth := 0
	for i := p.at; i < len(p.tokens); i++ {
		if t := p.tokens[i]; t.kind == sign {
			switch t.text {
			case "(", "[", "{":
				depth++
			case ")", "]", "}":
				if depth--; depth == 0 {
					return i
				}
			}
		}
	}
	return len(p.tokens)
}

func (p *parser) argument(l *link, end int) {
	switch {
	case p.is(","):
		p.at++
	case p.is("{"):
		close := min(p.closing(), end)
		p.at++
		for p.at < close {
			p.member(l, close, ":")
		}
		p.at = close + 1
	case p.python && p.peek().kind == word && p.at+1 < end && p.tokens[p.at+1].kind == sign && p.tokens[p.at+1].text == "=":
		p.member(l, end, "=")
	default:
		l.args = append(l.args, p.value(end))
	}
}

// member reads a member of an object, or an argument with a name.
func (p *parser) member(l *link, end int, between string) {
	if p.is(",") {
		p.at++
		return
	}
	name := p.peek()
	p.at++
	if name.kind == sign || !p.is(between) {
		return
	}
	p.at++
	l.named[camel(name.text)] = p.value(end)
}

// value reads a value up to the next comma.
func (p *parser) value(end int) value {
	var v value
	t := p.peek()
	switch {
	case t.kind == text:
		v = value{known: true, text: t.text}
		p.at++
	case t.kind == pattern:
		v = value{known: true, text: t.text, regexp: true}
		p.at++
	case t.kind == word && t.text == "await":
		p.at++
		return p.value(end)
	case t.kind == word:
		c := p.chain()
		v = valueOf(c)
	case p.is("["):
		close := min(p.closing(), end)
		p.at++
		v.known = true
		for p.at < close {
			if p.is(",") {
				p.at++
				continue
			}
			v.list = append(v.list, p.value(close))
		}
		p.at = close + 1
	case p.is("-") && p.at+1 < end && p.tokens[p.at+1].kind == word:
		v = value{known: true, text: "-" + p.tokens[p.at+1].text}
		p.at += 2
	}
	// What follows makes something else of it, as a sum or a function.
	for p.at < end && !p.is(",") {
		v = value{}
		if p.is("(") || p.is("[") || p.is("{") {
			p.at = min(p.closing(), end)
		}
		p.at++
	}
	return v
}

// valueOf gives a word's or a call's value: re.compile("…") is a regular expression.
func valueOf(c chain) value {
	switch {
	case c.root == "re" && len(c.links) == 1 && c.links[0].name == "compile" && len(c.links[0].args) > 0:
		flags := ""
		if strings.Contains(strings.Join(c.links[0].words, " "), "IGNORECASE") {
			flags = "i"
		}
		return value{known: c.links[0].args[0].known, text: "/" + c.links[0].args[0].text + "/" + flags, regexp: true}
	case len(c.links) == 0:
		return value{known: true, text: c.root}
	}
	return value{known: true, chain: &c}
}
