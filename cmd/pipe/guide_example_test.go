package main

import (
	"cmp"
	"fmt"
	"io/fs"
	"regexp"
	"slices"
	"strings"
	"testing"

	"pipe/specs"
	"pipe/steps"
)

func (p *page) checkExamples(t *testing.T) {
	for i, e := range p.examples {
		at := fmt.Sprintf("%s:%d", p.name, e.line)
		switch kind, name, _ := strings.Cut(e.kind, " "); {
		case kind == "sh" || kind == "text" && name == "":
		case kind != "yaml":
			t.Errorf("%s: an example is yaml, sh or text, not %q", at, e.kind)
		case name == "bad":
			said := p.validate(e.text)
			if said == "" {
				t.Errorf("%s: nothing is wrong with it", at)
			}
			if i+1 < len(p.examples) && p.examples[i+1].kind == "text" && p.examples[i+1].text != said {
				t.Errorf("%s: pipe validate says\n%s", at, said)
			}
		case name != "":
			is, err := specs.CheckPart(name, []byte(e.text), p.options(""))
			if !is || err != nil {
				t.Errorf("%s: it is a part of specs: %v, %v", at, is, err)
			}
		default:
			if said := p.validate(e.text); said != "" {
				t.Errorf("%s:\n%s", at, said)
			}
		}
	}
}

// validate gives what is wrong with an example, and with each of its profiles.
func (p *page) validate(text string) string {
	text = whole(text)
	said := ""
	for _, profile := range append([]string{""}, specs.ProfileNames([]byte(text))...) {
		if _, err := specs.Parse("spec.yaml", []byte(text), p.options(profile)); err != nil {
			said += err.Error() + "\n"
		}
	}
	return said
}

func (p *page) options(profile string) specs.Options {
	return specs.Options{
		Verbs: steps.Verbs(), Profile: profile, Env: func(string) (string, bool) { return "x", true },
		Include: func(path string) ([]byte, error) {
			if text, is := p.files[path]; is {
				return []byte(text), nil
			}
			return nil, fmt.Errorf("%s: %w", path, fs.ErrNotExist)
		},
	}
}

var (
	itemField    = regexp.MustCompile(`\bitem\.(\w+)`)
	accountField = regexp.MustCompile(`\baccount\.(\w+)`)
)

// whole makes a spec of an example. One that has a name is a spec; to a section
// of one comes what a spec needs, behind it so that lines keep their numbers; a
// list of steps is its download.
func whole(text string) string {
	if strings.HasPrefix(text, "- ") || strings.HasPrefix(text, "#") && strings.Contains(text, "\n- ") {
		text = "download:\n" + text
	}
	has := func(key string) bool { return regexp.MustCompile(`(?m)^` + key + `:`).MatchString(text) }
	if has("name") {
		return text
	}
	item := fields(itemField, text, "1", "ref")
	key := cmp.Or(strings.SplitN(item, ":", 2)[0], "ref")
	more := []string{
		"name: guide", "key: ${{ item." + key + " }}", "source: {items: [{" + item + "}]}", "navigate: {home: /}",
		`download: [{capture: {url: /file, as: "${{ item.` + key + ` }}.pdf"}}]`,
	}
	if has("account") || accountField.MatchString(text) {
		more = append(more, "login: {accounts: [{"+fields(accountField, text, "x", "name")+"}], steps: [goto: /login], success: {visible: main}}")
	}
	for _, section := range more {
		if section, _, _ := strings.Cut(section, ":"); has(section) {
			continue
		}
		text += section + "\n"
	}
	return text
}

// fields writes a row with the fields that an example uses.
func fields(use *regexp.Regexp, text, value, least string) string {
	names := []string{}
	for _, found := range use.FindAllStringSubmatch(text, -1) {
		names = append(names, found[1]+`: "`+value+`"`)
	}
	if len(names) == 0 {
		names = []string{least + `: "` + value + `"`}
	}
	slices.Sort(names)
	return strings.Join(slices.Compact(names), ", ")
}
