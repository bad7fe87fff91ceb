package app

import (
	"bytes"
	_ "embed"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"net/url"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"text/template"

	"pipe/pipeline/atomicfile"
	"pipe/specs"
	"pipe/steps"
)

// InitOptions are the answers that `pipe init` is given by flags; what is empty is asked for
// on a terminal.
type InitOptions struct {
	// Name is the spec's.
	Name    string
	Address string
	// Login, List and Fetch are each one of the choices of InitChoices.
	Login, List, Fetch string
	// Agents has an AGENTS.md be written too.
	Agents bool
}

// Choice is an answer that one may give, and what it means.
type Choice struct{ Answer, Meaning string }

// What `pipe init` asks for; the first of each is what is meant where nobody is asked.
var (
	InitLogins = []Choice{
		{"form", "a form with name and password"},
		{"totp", "a form, and a one-time code of an authenticator app"},
		{"by-hand", "by hand in a window: a captcha, a code by mail"},
		{"none", "one does not"},
	}
	InitLists = []Choice{
		{"table", "a table on a page, with or without further pages"},
		{"export", "a list that the site gives as a file"},
		{"csv", "a file of your own: csv"},
		{"api", "JSON of the site's own API"},
		{"items", "a few, written down in the spec"},
	}
	InitFetches = []Choice{
		{"download", "a click on the item's page downloads it"},
		{"tab", "a click opens it in a new tab"},
		{"link", "a link leads to it"},
		{"print", "the page itself, printed as a PDF"},
		{"record", "no file: what the page says, as a record"},
	}
)

//go:embed init.yaml.tmpl
var initSpec string

// starter is a spec that is to be written, and what stands beside it.
type starter struct {
	InitOptions
	// Is has the answers that were given, without their dashes.
	Is map[string]bool
}

// Title says what it is the spec of.
func (s starter) Title() string { return "The spec of " + s.Name }

// Quoted is the address as YAML has it.
func (s starter) Quoted() string { return strconv.Quote(s.Address) }

// Shell is the address as a shell has it.
func (s starter) Shell() string { return shellWordOr(s.Address, "ADDRESS") }

// Prefix begins the names of the spec's secrets.
func (s starter) Prefix() string {
	prefix := strings.ToUpper(regexp.MustCompile(`[^A-Za-z0-9]+`).ReplaceAllString(s.Name, "_"))
	if prefix[0] >= '0' && prefix[0] <= '9' {
		prefix = "SITE_" + prefix
	}
	return strings.TrimSuffix(prefix, "_")
}

// ListFile is where a list of one's own is, from the working directory.
func (s starter) ListFile() string { return "specs/" + s.Name + ".csv" }

// LogsIn tells whether there is a login.
func (s starter) LogsIn() bool { return s.Login != "none" }

// Fetches tells whether each item has a file.
func (s starter) Fetches() bool { return s.Fetch != "record" }

// secrets names the secrets that the spec needs.
func (s starter) secrets() []string {
	switch s.Login {
	case "form":
		return []string{s.Prefix() + "_USERNAME", s.Prefix() + "_PASSWORD"}
	case "totp":
		return []string{s.Prefix() + "_USERNAME", s.Prefix() + "_PASSWORD", s.Prefix() + "_OTP"}
	}
	return nil
}

// spec gives the text of the spec, which is right.
func (s starter) spec() ([]byte, error) {
	s.Is = map[string]bool{}
	for _, answer := range []string{s.Login, s.List, s.Fetch} {
		s.Is[strings.ReplaceAll(answer, "-", "")] = true
	}
	var b bytes.Buffer
	t, err := template.New("spec").Delims("<<", ">>").Parse(initSpec)
	if err == nil {
		err = t.Execute(&b, s)
	}
	if err == nil {
		_, err = specs.Parse(s.Name+".yaml", b.Bytes(), specs.Options{Verbs: steps.Verbs(), Given: true})
	}
	if err != nil {
		return nil, fmt.Errorf("making the spec: %w", err)
	}
	return b.Bytes(), nil
}

// Init is `pipe init`: it writes a spec to begin with into specs/, and what belongs beside
// it, and leaves alone what is there.
func Init(f InitOptions, std Std) error {
	if err := f.ask(std); err != nil {
		return err
	}
	s := starter{InitOptions: f}
	text, err := s.spec()
	if err != nil {
		return err
	}
	path := filepath.Join("specs", s.Name+".yaml")
	if _, err := os.Stat(path); err == nil {
		return Exit(ExitSpec, fmt.Errorf("there is a spec at %s already: give this one another name", filepath.ToSlash(path)))
	}
	for _, file := range s.files(path, text) {
		if err := writeNew(file.path, file.text, file.beside, std); err != nil {
			return err
		}
	}
	s.sayNext(std)
	return nil
}

// newFile is a file that is to be written; beside is what to do where there is such a file
// already.
type newFile struct {
	path   string
	text   []byte
	beside string
}

// files are the spec, and what is written into the working folder with it.
func (s starter) files(path string, text []byte) []newFile {
	files := []newFile{{path, text, ""}, {".gitignore", []byte("out/\n.env\n"), "see that out/ and .env are in it"}}
	if names := s.secrets(); len(names) > 0 {
		example := "# Copy this to .env, which git does not keep, and fill it in.\n" + strings.Join(names, "=\n") + "=\n"
		files = append(files, newFile{".env.example", []byte(example), "add " + strings.Join(names, ", ")})
	}
	if s.List == "csv" {
		files = append(files, newFile{filepath.FromSlash(s.ListFile()), []byte("reference\nA-1\nA-2\n"), "it is the list"})
	}
	if s.Agents {
		files = append(files, newFile{filepath.Join("specs", "AGENTS.md"), AgentsFile(), "it stays as it is"})
	}
	return files
}

// writeNew writes a file, unless there is one.
func writeNew(path string, text []byte, beside string, std Std) error {
	if err := os.MkdirAll(filepath.Dir(path), 0o750); err != nil {
		return Exit(ExitEnvironment, fmt.Errorf("making the folder of %s: %w", path, err))
	}
	_, err := os.Lstat(path)
	switch {
	case err == nil:
		fmt.Fprintf(std.Out, "there    %s: %s\n", filepath.ToSlash(path), beside)
		return nil
	case !errors.Is(err, fs.ErrNotExist):
		return Exit(ExitEnvironment, err)
	}
	err = atomicfile.Write(path, func(w io.Writer) error {
		_, err := w.Write(text)
		return err
	})
	if err != nil {
		return Exit(ExitEnvironment, fmt.Errorf("writing %s: %w", path, err))
	}
	fmt.Fprintf(std.Out, "written  %s\n", filepath.ToSlash(path))
	return nil
}

// sayNext tells what comes next.
func (s starter) sayNext(std Std) {
	path := shellWordOr("specs/"+s.Name+".yaml", "SPEC")
	lines := [][2]string{}
	if len(s.secrets()) > 0 {
		lines = append(lines,
			[2]string{"cp .env.example .env", "and fill it in"},
			[2]string{"export PIPE_SECRETS=.env", "or --secrets .env with each command"})
	}
	lines = append(lines,
		[2]string{"pipe validate " + path, "what is wrong without the site"},
		[2]string{"pipe inspect " + s.Shell(), "the targets on its pages, to put into the spec"})
	if s.Login == "by-hand" {
		lines = append(lines, [2]string{"pipe login " + path, "log in by hand, once"})
	}
	lines = append(lines,
		[2]string{"pipe source " + path, "the list alone"},
		[2]string{"pipe try " + path + " --item KEY", "one item, each step told"},
		[2]string{"pipe run " + path, "all of them"})
	width := len(slices.MaxFunc(lines, func(a, b [2]string) int { return len(a[0]) - len(b[0]) })[0])
	fmt.Fprintf(std.Out, "\nnext, one after the other (or do it once in a window: pipe record %s):\n", s.Shell())
	for _, l := range lines {
		fmt.Fprintf(std.Out, "  %-*s   # %s\n", width, l[0], l[1])
	}
}

// checkAddress finds what is wrong with a site's address.
func checkAddress(text string) error {
	u, err := url.Parse(text)
	if err != nil || u.Scheme != "http" && u.Scheme != "https" || u.Hostname() == "" || strings.Contains(text, "${{") {
		return errors.New("want the address of a site, such as https://portal.example.com")
	}
	if u.User != nil {
		return errors.New("no name and password in the address: the spec is for git")
	}
	return nil
}

var specName = regexp.MustCompile(`^[A-Za-z0-9][A-Za-z0-9._-]{0,59}$`)

func checkName(text string) error {
	if !specName.MatchString(text) {
		return errors.New("want letters, digits, dots, dashes and underscores, 60 at most, as invoices")
	}
	return nil
}
