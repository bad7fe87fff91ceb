package main

import (
	"bytes"
	"maps"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
	"unicode"

	"pipe/cmd/pipe/internal/app"
)

// The README and the guide hold nothing that the program does not know. Their
// examples are fenced by ```:
//
//	yaml            a spec, one of its sections, or a list of steps
//	yaml NAME.yaml  a file that the other examples of the page may include
//	yaml bad        a spec that is wrong; a text fence after it is what
//	                `pipe validate` says
//	sh              command lines; those that begin with pipe are checked
//
// Text in `backquotes` that begins with pipe is a command line too, and what
// begins with -- is a flag.

func TestGuide(t *testing.T) {
	root := filepath.Join("..", "..")
	pages, err := filepath.Glob(filepath.Join(root, "specs", "guide", "*.md"))
	if err != nil || len(pages) < 8 {
		t.Fatalf("%d pages, %v", len(pages), err)
	}
	pages = append(pages, filepath.Join(root, "README.md"))
	known := commandFlags(t)
	told := map[string]bool{}
	examples := 0
	for _, path := range pages {
		p := readPage(t, root, path)
		examples += len(p.examples)
		p.tells(told)
		t.Run(p.name, func(t *testing.T) {
			p.checkExamples(t)
			p.checkCommands(t, known)
			p.checkLinks(t)
		})
	}
	if examples < 40 {
		t.Errorf("only %d examples are found", examples)
	}
	for name, flags := range known {
		if !told["pipe "+name] {
			t.Errorf("nothing is said of pipe %s", name)
		}
		for _, flag := range flags {
			if name != "site" && !told[flag] {
				t.Errorf("nothing is said of pipe %s %s", name, flag)
			}
		}
	}
}

// page is a page of the guide.
type page struct {
	name, path string
	examples   []example
	// commands are its command lines, spans what stands in backquotes.
	commands, spans []string
	text            string
	files           map[string]string
}

// example is a fence: what stands behind the backquotes, and its lines.
type example struct {
	line       int
	kind, text string
}

var span = regexp.MustCompile("`([^`\n]+)`")

func readPage(t *testing.T, root, path string) page {
	t.Helper()
	src, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	name, err := filepath.Rel(root, path)
	if err != nil {
		t.Fatal(err)
	}
	p := page{name: filepath.ToSlash(name), path: path, files: map[string]string{}}
	var open *example
	for i, line := range strings.Split(string(src), "\n") {
		kind, fence := strings.CutPrefix(line, "```")
		switch {
		case fence && open == nil:
			open = &example{line: i + 1, kind: kind}
		case fence:
			p.add(*open)
			open = nil
		case open != nil:
			open.text += line + "\n"
		case strings.HasPrefix(line, "    "):
			p.commands = append(p.commands, line)
		default:
			p.text += line + "\n"
		}
	}
	if open != nil {
		t.Errorf("%s:%d: the fence has no end", p.name, open.line)
	}
	for _, found := range span.FindAllStringSubmatch(p.text, -1) {
		p.spans = append(p.spans, found[1])
	}
	return p
}

func (p *page) add(e example) {
	p.examples = append(p.examples, e)
	if name, is := strings.CutPrefix(e.kind, "yaml "); is && name != "bad" {
		p.files[name] = e.text
	}
	if e.kind == "sh" {
		p.commands = append(p.commands, strings.Split(e.text, "\n")...)
	}
}

var (
	flagName    = regexp.MustCompile(`(?m)^ +(?:-\w, )?(--[a-z-]+)`)
	commandName = regexp.MustCompile(`(?m)^  ([a-z]+) +\S`)
)

// commandFlags gives the commands and their flags, as the program's help has
// them.
func commandFlags(t *testing.T) map[string][]string {
	t.Helper()
	known := map[string][]string{}
	_, list, _ := strings.Cut(help(t, "--help"), "Available Commands:")
	for _, found := range commandName.FindAllStringSubmatch(list, -1) {
		name := found[1]
		if name == "help" || name == "completion" {
			continue
		}
		known[name] = nil
		for _, flag := range flagName.FindAllStringSubmatch(help(t, name, "--help"), -1) {
			if flag[1] != "--help" {
				known[name] = append(known[name], flag[1])
			}
		}
	}
	if len(known) < 14 {
		t.Fatalf("the commands are %v", known)
	}
	return known
}

// help runs a command line that ends with --help: its flags are read, and
// nothing else is done.
func help(t *testing.T, args ...string) string {
	t.Helper()
	var out bytes.Buffer
	if code := execute(t.Context(), args, app.Std{In: strings.NewReader(""), Out: &out, Err: &out}); code != app.ExitDone {
		t.Errorf("pipe %s: %s", strings.Join(args[:len(args)-1], " "), &out)
	}
	return out.String()
}

// tells adds the commands and the flags that the page tells of.
func (p *page) tells(told map[string]bool) {
	for _, line := range slices.Concat(p.commands, p.spans) {
		args, is := commandLine(line)
		if is {
			told["pipe "+args[0]] = true
		}
		for _, arg := range append(args, strings.Fields(line)...) {
			told[strings.TrimRight(arg, ",")] = true
		}
	}
}

func (p *page) checkCommands(t *testing.T, known map[string][]string) {
	for _, line := range slices.Concat(p.commands, p.spans) {
		if args, is := commandLine(line); is {
			help(t, append(args, "--help")...)
		}
	}
	flags := slices.Concat(slices.Collect(maps.Values(known))...)
	for _, text := range p.spans {
		flag, _, _ := strings.Cut(text, " ")
		if strings.HasPrefix(flag, "--") && !slices.Contains(flags, flag) {
			t.Errorf("no command has the flag %s", flag)
		}
	}
}

var before = regexp.MustCompile(`^(?:.* \| )?(?:[A-Z_]+=\S+ +|xvfb-run -a +)*(?:pipe|go run ./cmd/pipe)(?: |$)`)

// commandLine gives the arguments of a line that runs pipe.
func commandLine(line string) (args []string, is bool) {
	line = strings.TrimSpace(line)
	start := before.FindString(line)
	if start == "" {
		return nil, false
	}
	for _, word := range strings.Fields(line[len(start):]) {
		if strings.HasPrefix(word, "#") || slices.Contains([]string{"|", ">", "&&"}, word) {
			break
		}
		args = append(args, strings.Trim(word, `'"`))
	}
	return args, len(args) > 0
}

var (
	linking = regexp.MustCompile(`\]\(([^)#:]*)#?([^)#:]*)\)`)
	heading = regexp.MustCompile(`(?m)^#+ (.+)$`)
)

// checkLinks makes sure that what the page leads to in the repository is there.
func (p *page) checkLinks(t *testing.T) {
	for _, found := range linking.FindAllStringSubmatch(p.text, -1) {
		path := filepath.Join(filepath.Dir(p.path), filepath.FromSlash(found[1]))
		if found[1] == "" {
			path = p.path
		}
		if _, err := os.Stat(path); err != nil {
			t.Errorf("the link to %s: %v", found[1], err)
			continue
		}
		if found[2] == "" {
			continue
		}
		src, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		if !slices.ContainsFunc(heading.FindAllStringSubmatch(string(src), -1), func(h []string) bool { return anchor(h[1]) == found[2] }) {
			t.Errorf("%s has no heading #%s", found[1], found[2])
		}
	}
}

// anchor is what code hosts name a heading by.
func anchor(heading string) string {
	return strings.Map(func(r rune) rune {
		switch {
		case r == ' ':
			return '-'
		case unicode.IsLetter(r) || unicode.IsDigit(r) || r == '-' || r == '_':
			return unicode.ToLower(r)
		default:
			return -1
		}
	}, heading)
}
