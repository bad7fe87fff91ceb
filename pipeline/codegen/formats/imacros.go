package formats

import (
	"encoding/json"
	"regexp"
	"strconv"
	"strings"

	"pipe/pipeline/codegen"
	"pipe/specs"
)

var (
	iMacrosLine  = regexp.MustCompile(`(?mi)^\s*(TAG\s+POS=|URL\s+GOTO=|VERSION\s+BUILD=)`)
	iMacrosField = regexp.MustCompile(`([A-Za-z]+)=("(?:[^"\\]|\\.)*"|\S*)`)
	iMacrosSpace = strings.NewReplacer("<SP>", " ", "<sp>", " ", "<BR>", "\n", "<br>", "\n", "<LF>", "\n")
)

func isIMacros(src []byte, top map[string]json.RawMessage) bool {
	return top == nil && iMacrosLine.Match(src)
}

// readIMacros reads a macro of iMacros: TAG, URL, ONDOWNLOAD, FRAME and TAB.
func readIMacros(src []byte) (codegen.Recording, error) {
	r := &iMacrosReader{}
	r.rec.NoFiles = true
	for i, line := range strings.Split(string(src), "\n") {
		r.line(strings.TrimSpace(line), i+1)
	}
	return r.rec, nil
}

type iMacrosReader struct {
	recorder
	frame []string
	tab   int
	file  *codegen.File
}

func (r *iMacrosReader) line(text string, line int) {
	verb, rest, _ := strings.Cut(text, " ")
	fields := map[string]string{}
	for _, m := range iMacrosField.FindAllStringSubmatch(rest, -1) {
		value := m[2]
		if unquoted, err := strconv.Unquote(value); err == nil {
			value = unquoted
		}
		fields[strings.ToUpper(m[1])] = iMacrosSpace.Replace(value)
	}
	switch strings.ToUpper(verb) {
	case "", "VERSION", "SET", "WAIT", "CLEAR", "PAUSE", "PROXY", "FILTER", "STOPWATCH":
		if strings.EqualFold(verb, "SET") && !strings.HasPrefix(rest, "!") {
			r.note(line, "%q is left out: variables of macros are not known", shorten(text))
		}
	case "URL":
		if address := fields["GOTO"]; address != "" {
			r.add(codegen.Action{Verb: "goto", Value: address, Tab: r.tab})
		}
	case "TAB":
		n, err := strconv.Atoi(fields["T"])
		if err != nil {
			return // closing tabs
		}
		if last := r.last(); n-1 > r.tab && last != nil {
			last.Effect.Tab = n - 1
		}
		r.tab = max(0, n-1)
	case "FRAME":
		r.frame = nil
		if n, err := strconv.Atoi(fields["F"]); err == nil && n > 0 {
			r.frame = []string{":is(iframe, frame) >> nth=" + strconv.Itoa(n-1)}
		} else if name := fields["NAME"]; name != "" {
			r.frame = []string{":is(iframe, frame)[name=" + quote(name) + "]"}
		}
	case "ONDOWNLOAD":
		r.file = &codegen.File{Name: strings.TrimPrefix(fields["FILE"], "*")}
	case "ONDIALOG":
		if last := r.last(); last != nil {
			last.Effect.Dialog, last.Effect.Accepted = "a dialog", strings.EqualFold(fields["BUTTON"], "OK") || strings.EqualFold(fields["BUTTON"], "YES")
		}
	case "TAG":
		r.tag(fields, text, line)
	default:
		if !strings.HasPrefix(text, "'") {
			r.note(line, "%q is left out: there is no step for it", shorten(text))
		}
	}
}

// tag reads TAG POS=1 TYPE=INPUT:TEXT FORM=ID:f ATTR=ID:stock CONTENT=A1.
func (r *iMacrosReader) tag(fields map[string]string, text string, line int) {
	kind, sort, _ := strings.Cut(strings.ToLower(fields["TYPE"]), ":")
	l, ok := iMacrosLocator(kind, sort, fields)
	if !ok || fields["EXTRACT"] != "" {
		r.note(line, "%q is left out: there is no step for it", shorten(secretless(text)))
		return
	}
	l.Frame = r.frame
	a := codegen.Action{Verb: "click", Tab: r.tab, Locators: []specs.LocatorText{l}}
	content, has := fields["CONTENT"]
	switch {
	case strings.HasPrefix(content, "EVENT:"):
	case has && kind == "select":
		a.Verb, a.Value = "select", strings.TrimLeft(strings.NewReplacer("%", "", "$", "").Replace(content), "#")
	case has && (sort == "checkbox" || sort == "radio"):
		a.Verb = "check"
		if strings.EqualFold(content, "NO") {
			a.Value = "false"
		}
	case has && (kind == "textarea" || kind == "input" && sort != "submit" && sort != "button"):
		a.Verb, a.Value, a.Secret = "fill", content, sort == "password"
	}
	if a.Verb == "click" {
		a.Effect.File, r.file = r.file, nil
	}
	r.add(a)
}

// secretless leaves out what a line types.
func secretless(text string) string {
	before, _, has := strings.Cut(text, "CONTENT=")
	if has {
		return before + "CONTENT=…"
	}
	return text
}

// iMacrosLocator reads what a tag is found by: ATTR=TXT:Save, ATTR=ID:go&&NAME:x.
func iMacrosLocator(kind, sort string, fields map[string]string) (specs.LocatorText, bool) {
	if kind == "" || kind == "*" {
		kind = ""
	} else if !plainName.MatchString(kind) {
		return specs.LocatorText{}, false
	}
	selector := kind
	if sort != "" && plainName.MatchString(sort) {
		selector += "[type=" + quote(sort) + "]"
	}
	form, name, _ := strings.Cut(fields["FORM"], ":")
	if plainName.MatchString(form) && name != "" && !strings.Contains(name, "*") {
		selector = "form[" + strings.ToLower(form) + "=" + quote(name) + "] " + selector
	}
	for _, one := range strings.Split(fields["ATTR"], "&&") {
		key, value, has := strings.Cut(one, ":")
		switch key = strings.ToLower(key); {
		case !has || value == "" || value == "*":
		case key == "txt" && strings.Contains(value, "*"):
			selector += ":has-text(" + quote(strings.Trim(strings.ReplaceAll(value, "*", " "), " ")) + ")"
		case key == "txt":
			selector += ":text-is(" + quote(value) + ")"
		case !plainName.MatchString(key):
			return specs.LocatorText{}, false
		case key == "href" && strings.Contains(value, "://"):
			selector += "[href$=" + quote(pathAndQuery(value)) + "]"
		case strings.Contains(value, "*"):
			selector += "[" + key + "*=" + quote(longest(strings.Split(value, "*"))) + "]"
		default:
			selector += "[" + key + "=" + quote(value) + "]"
		}
	}
	l := css(selector)
	if pos, err := strconv.Atoi(fields["POS"]); err == nil && pos > 1 {
		l.Selector += " >> nth=" + strconv.Itoa(pos-1)
	}
	return l, selector != ""
}

func longest(all []string) string {
	best := ""
	for _, one := range all {
		if len(one) > len(best) {
			best = one
		}
	}
	return best
}

// pathAndQuery is what an address has behind its host.
func pathAndQuery(address string) string {
	_, rest, _ := strings.Cut(address, "://")
	if at := strings.IndexByte(rest, '/'); at >= 0 {
		return rest[at:]
	}
	return "/"
}
