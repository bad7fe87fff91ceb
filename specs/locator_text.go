package specs

import (
	"encoding/json"
	"regexp"
	"strconv"
	"strings"

	"gopkg.in/yaml.v3"
)

// LocatorText is a locator as a spec is to have it: the texts of [Locator], which may hold
// expressions.
type LocatorText struct {
	Selector    string   `yaml:"selector,omitempty"`
	Role        string   `yaml:"role,omitempty"`
	Name        string   `yaml:"name,omitempty"`
	Label       string   `yaml:"label,omitempty"`
	Text        string   `yaml:"text,omitempty"`
	Placeholder string   `yaml:"placeholder,omitempty"`
	TestID      string   `yaml:"test_id,omitempty"`
	Exact       bool     `yaml:"exact,omitempty"`
	Nth         *int     `yaml:"nth,omitempty"`
	Frame       []string `yaml:"frame,omitempty"`
}

// Node gives the locator as YAML: a selector alone as its text, all else as a mapping on
// one line.
func (l LocatorText) Node() *yaml.Node {
	var n yaml.Node
	if l.Nth == nil && len(l.Frame) == 0 && l.Selector != "" {
		n.SetString(l.Selector)
		if n.Style != yaml.LiteralStyle {
			n.Style = yaml.DoubleQuotedStyle
		}
		return &n
	}
	if err := n.Encode(l); err != nil { // strings, a bool and a number
		panic(err)
	}
	n.Style = yaml.FlowStyle
	for i := 0; i+1 < len(n.Content); i += 2 {
		if frames := n.Content[i+1]; frames.Kind == yaml.SequenceNode {
			frames.Style = yaml.FlowStyle
			if len(frames.Content) == 1 {
				n.Content[i+1] = frames.Content[0]
			}
		}
	}
	return &n
}

// String gives the locator as it stands in a spec, on one line.
func (l LocatorText) String() string {
	text, err := yaml.Marshal(l.Node())
	if err != nil {
		panic(err) // a node of our own making
	}
	return strings.TrimSuffix(string(text), "\n")
}

// TargetNode gives alternatives as YAML: one by itself, several as a list.
func TargetNode(all []LocatorText) *yaml.Node {
	if len(all) == 1 {
		return all[0].Node()
	}
	n := &yaml.Node{Kind: yaml.SequenceNode, Tag: "!!seq", Style: yaml.FlowStyle}
	for _, l := range all {
		n.Content = append(n.Content, l.Node())
	}
	return n
}

// LocatorOf gives the locator of a selector as the driver's own recorder and its generator
// of selectors write them: internal:role=button[name="Save"i] is {role: button, name: Save}.
func LocatorOf(selector string) LocatorText {
	var l LocatorText
	parts := selectorParts(selector)
	for i := len(parts) - 1; i >= 0; i-- {
		if parts[i] == "internal:control=enter-frame" {
			l.Frame = framesOf(parts[:i])
			parts = parts[i+1:]
			break
		}
	}
	if n := len(parts); n > 1 && strings.HasPrefix(parts[n-1], "nth=") {
		if at, err := strconv.Atoi(parts[n-1][len("nth="):]); err == nil {
			l.Nth, parts = &at, parts[:n-1]
		}
	}
	if len(parts) == 1 && l.single(parts[0]) {
		return l
	}
	for i, p := range parts {
		parts[i] = publicPart(p)
	}
	l.Selector = strings.Join(parts, " >> ")
	if l.Nth != nil && len(l.Frame) == 0 {
		l.Selector += " >> nth=" + strconv.Itoa(*l.Nth)
		l.Nth = nil
	}
	return l
}

// framesOf gives the selectors of the frames that lead to an element, the outermost first.
func framesOf(parts []string) []string {
	var frames, one []string
	for _, p := range parts {
		if p == "internal:control=enter-frame" {
			frames, one = append(frames, strings.Join(one, " >> ")), nil
		} else {
			one = append(one, publicPart(p))
		}
	}
	return append(frames, strings.Join(one, " >> "))
}

var (
	rolePart = regexp.MustCompile(`^internal:role=([a-z]+)(?:\[name=("(?:[^"\\]|\\.)*")([is])\])?$`)
	textPart = regexp.MustCompile(`^internal:(label|text)=("(?:[^"\\]|\\.)*")([is])?$`)
	attrPart = regexp.MustCompile(`^internal:(?:attr|testid)=\[([\w-]+)=("(?:[^"\\]|\\.)*")([is])?\]$`)
)

// single fills in what one part of a selector says, where the spec has words for it.
func (l *LocatorText) single(part string) bool {
	if m := rolePart.FindStringSubmatch(part); m != nil {
		l.Role, l.Name, l.Exact = m[1], unquote(m[2]), m[3] == "s"
		return true
	}
	if m := textPart.FindStringSubmatch(part); m != nil {
		l.Exact = m[3] == "s"
		if m[1] == "label" {
			l.Label = unquote(m[2])
		} else {
			l.Text = unquote(m[2])
		}
		return true
	}
	m := attrPart.FindStringSubmatch(part)
	switch {
	case m != nil && m[1] == "data-testid":
		l.TestID = unquote(m[2])
	case m != nil && m[1] == "placeholder":
		l.Placeholder, l.Exact = unquote(m[2]), m[3] == "s"
	default:
		return false
	}
	return true
}

// matching is how a text is compared, by the mark behind it: i finds it anywhere in another.
var matching = map[string]string{"i": "*=", "s": "=", "": "="}

// publicPart writes a part of a selector as the driver's documentation has it, where it has
// a word for that.
func publicPart(part string) string {
	if m := rolePart.FindStringSubmatch(part); m != nil {
		if m[2] == "" {
			return "role=" + m[1]
		}
		return "role=" + m[1] + "[name" + matching[m[3]] + m[2] + m[3] + "]"
	}
	if m := attrPart.FindStringSubmatch(part); m != nil {
		return "[" + m[1] + matching[m[3]] + m[2] + map[string]string{"i": " i"}[m[3]] + "]"
	}
	if m := textPart.FindStringSubmatch(part); m != nil && m[1] == "text" {
		if m[3] == "s" {
			return "text=" + m[2]
		}
		return "text=" + unquote(m[2])
	}
	return part
}

// unquote takes the quotes off a text in a selector.
func unquote(quoted string) string {
	var text string
	if json.Unmarshal([]byte(quoted), &text) != nil {
		return strings.Trim(quoted, `"`)
	}
	return text
}

// selectorParts are the parts of a selector between >>, which may stand within quotes too.
func selectorParts(selector string) []string {
	var parts []string
	var quote byte
	begin := 0
	for i := 0; i < len(selector); i++ {
		switch c := selector[i]; {
		case c == '\\':
			i++
		case quote != 0 && c == quote:
			quote = 0
		case quote != 0:
		case c == '"' || c == '\'' || c == '`':
			quote = c
		case c == '>' && strings.HasPrefix(selector[i:], ">>"):
			parts = append(parts, strings.TrimSpace(selector[begin:i]))
			begin = i + 2
			i++
		}
	}
	return append(parts, strings.TrimSpace(selector[begin:]))
}
