package app

import (
	"bufio"
	"bytes"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"pipe/specs"
	"pipe/steps"
)

// Whatever is answered, the spec is right, in order, and has the answers in it.
func TestInitEveryAnswer(t *testing.T) {
	t.Chdir(t.TempDir())
	specsMade := 0
	for _, login := range InitLogins {
		for _, list := range InitLists {
			for _, fetch := range InitFetches {
				name := strings.Join([]string{"2", login.Answer, list.Answer, fetch.Answer}, "-")
				var out bytes.Buffer
				f := InitOptions{Name: name, Address: "https://portal.example.com/a?b=\"c'", Login: login.Answer, List: list.Answer, Fetch: fetch.Answer}
				if err := Init(f, Std{In: strings.NewReader(""), Out: &out}); err != nil {
					t.Fatalf("%s: %v", name, err)
				}
				path := filepath.Join("specs", name+".yaml")
				if checked := (SpecOptions{Given: true}).check(path); !checked.OK || len(checked.Warnings) > 0 {
					t.Fatalf("%s: %s", name, checked.text)
				}
				text, err := os.ReadFile(path)
				if err != nil {
					t.Fatal(err)
				}
				if ordered, err := specs.Format(path, text, steps.Verbs()); err != nil || !bytes.Equal(ordered, text) {
					t.Fatalf("%s is not in order: %v\n%s", name, err, ordered)
				}
				if bytes.Contains(text, []byte("TODO")) || bytes.Contains(text, []byte("<no value>")) || bytes.Contains(text, []byte("\n\n\n")) {
					t.Fatalf("%s:\n%s", name, text)
				}
				if secrets := login.Answer == "form" || login.Answer == "totp"; strings.Contains(out.String(), "PIPE_SECRETS") != secrets {
					t.Fatalf("%s:\n%s", name, &out)
				}
				specsMade++
			}
		}
	}
	if specsMade != len(InitLogins)*len(InitLists)*len(InitFetches) {
		t.Errorf("%d specs", specsMade)
	}
}

// Questions are asked until there is a right answer; a choice goes by its number or its
// word, and nothing is the first.
func TestInitAsks(t *testing.T) {
	var f InitOptions
	var out bytes.Buffer
	p := prompt{bufio.NewReader(strings.NewReader("no name!\ninvoices\nportal\nhttps://me:pass@portal.example.com\nhttps://portal.example.com\n\nhow?\n3\nrecord\n")), &out}
	for _, q := range f.questions() {
		if err := p.ask(q); err != nil {
			t.Fatal(err)
		}
	}
	if want := (InitOptions{Name: "invoices", Address: "https://portal.example.com", Login: "form", List: "csv", Fetch: "record"}); f != want {
		t.Errorf("%+v", f)
	}
	for _, text := range []string{"want letters, digits", "want the address of a site", "no name and password in the address", "want one of table, export, csv, api, items", "  1  form      a form with name and password"} {
		if !strings.Contains(out.String(), text) {
			t.Errorf("it does not say %q:\n%s", text, &out)
		}
	}
	if err := p.ask(f.questions()[0]); CodeOf(err) != ExitInterrupted {
		t.Errorf("at the end of the input: %v", err)
	}
}
