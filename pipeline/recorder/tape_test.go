package recorder

import (
	"encoding/json"
	"reflect"
	"strings"
	"testing"

	"pipe/pipeline/codegen"
	"pipe/specs"
)

// heard gives the recording of lines as the script tells them, and what was said meanwhile.
func heard(t *testing.T, lines string) (codegen.Recording, []string) {
	t.Helper()
	var said []string
	tape := newTape("http://site.example/", func(a codegen.Action) { said = append(said, a.Verb+" "+a.Value) })
	for line := range strings.Lines(lines) {
		if strings.TrimSpace(line) == "" {
			continue
		}
		var m message
		if err := json.Unmarshal([]byte(line), &m); err != nil {
			t.Fatal(err)
		}
		if err := tape.hear(m); err != nil {
			t.Fatal(err)
		}
	}
	return tape.recording(), said
}

// Clicks into fields, letters and keys that lead on are no actions; a step that has changed
// counts as it is at last; what comes of a step is its effect, though it comes late.
func TestTape(t *testing.T) {
	rec, said := heard(t, `
{"at":0,"step":{"tab":0,"action":{"name":"goto","url":"http://site.example/list"}}}
{"at":0,"effect":{"address":"http://site.example/login"}}
{"at":1,"step":{"address":"http://site.example/login","action":{"name":"click","selector":"internal:label=\"Password\"i","known":{"secret":true}}}}
{"at":2,"step":{"address":"http://site.example/login","action":{"name":"fill","selector":"internal:label=\"Password\"i","known":{"secret":true}}}}
{"at":3,"step":{"address":"http://site.example/login","action":{"name":"press","key":"Tab","selector":"internal:label=\"Password\"i"}}}
{"at":4,"step":{"address":"http://site.example/login","action":{"name":"click","selector":"internal:role=button[name=\"Sign in\"i]","known":{"element":{"selectors":["internal:role=button","#in"]}}}}}
{"at":4,"effect":{"address":"http://site.example/home"}}
{"at":4,"effect":{"leave":"internal:role=link[name=\"Log out\"i]","leaveAt":"http://site.example/home"}}
{"at":5,"step":{"address":"http://site.example/home","action":{"name":"fill","selector":"#q","text":"A1"}}}
{"at":5,"step":{"address":"http://site.example/home","action":{"name":"fill","selector":"#q","text":"A1001"}}}
{"at":6,"step":{"address":"http://site.example/home","frames":["#pane"],"action":{"name":"click","selector":"internal:role=link[name=\"Report\"i]","clickCount":1}}}
{"at":7,"step":{"address":"http://site.example/home","action":{"name":"uncheck","selector":"#all"}}}
{"at":6,"effect":{"file":{"type":"application/pdf","address":"http://site.example/r"}}}
{"at":6,"effect":{"file":{"name":"r.pdf","address":"http://site.example/r","body":"JVBERi0="},"download":true}}
{"end":true}`)
	if got, want := strings.Join(said, "\n"), "goto http://site.example/list\nfill secret-of-internal:label=\"Password\"i\nclick \nfill A1001\nclick \ncheck false"; got != want {
		t.Errorf("it said\n%s\nwant\n%s", got, want)
	}
	if len(rec.Actions) != 6 {
		t.Fatalf("there are %d actions: %+v", len(rec.Actions), rec.Actions)
	}
	if want := (&specs.LocatorText{Role: "link", Name: "Log out"}); !reflect.DeepEqual(rec.LoggedIn, want) {
		t.Errorf("logged in shows %v, want %v", rec.LoggedIn, want)
	}
	if got, want := rec.Actions[2].Locators, []specs.LocatorText{{Role: "button", Name: "Sign in"}, {Selector: "#in"}}; !reflect.DeepEqual(got, want) {
		t.Errorf("the button is found by %v, want %v", got, want)
	}
	if got, want := rec.Actions[4].Effect.File, (&codegen.File{Name: "r.pdf", Type: "application/pdf", Address: "http://site.example/r", Body: []byte("%PDF-")}); !reflect.DeepEqual(got, want) {
		t.Errorf("the file is %+v, want %+v", got, want)
	}
	if got := rec.Actions[4].Locators[0].Frame; !reflect.DeepEqual(got, []string{"#pane"}) {
		t.Errorf("the frame is %v", got)
	}
}

// What the browser has saved takes the place of the answer that it came by; what is saved
// beside it is another file. How the site has refused a page is kept.
func TestOutcome(t *testing.T) {
	rec, _ := heard(t, `
{"at":0,"step":{"address":"http://site.example/a","action":{"name":"click","selector":"#both"}}}
{"at":0,"effect":{"file":{"type":"application/pdf","address":"http://site.example/fetched"}}}
{"at":0,"effect":{"file":{"name":"a.pdf","address":"blob:1","body":"JVBERi0="},"download":true}}
{"at":0,"effect":{"file":{"type":"text/csv","address":"http://site.example/list"}}}
{"at":0,"effect":{"file":{"name":"b.csv","address":"http://site.example/list","body":"YQ=="},"download":true}}
{"at":1,"step":{"action":{"name":"goto","url":"http://site.example/b"}}}
{"at":1,"effect":{"file":{"type":"application/pdf","address":"http://site.example/b","printed":true}}}
{"at":1,"effect":{"refused":"403 Forbidden","posted":true}}
{"end":true}`)
	got := rec.Actions[0].Effect
	if got.File.Name != "a.pdf" || got.File.Type != "application/pdf" || len(got.More) != 1 || got.More[0].Name != "b.csv" || got.More[0].Type != "text/csv" {
		t.Errorf("the files are %+v and %+v", got.File, got.More)
	}
	if e := rec.Actions[1].Effect; e.Refused != "403 Forbidden" || !e.Posted || !e.File.Printed {
		t.Errorf("the page was refused: %+v", e)
	}
}

// A field may write a key in its own way: the key is what was typed.
func TestKeyAsAFieldWritesIt(t *testing.T) {
	rec := codegen.Recording{Actions: []codegen.Action{
		{Verb: "click", Effect: codegen.Effect{File: &codegen.File{Name: "list.csv", Body: []byte("Stock\n25V8299\n")}}},
		{Verb: "fill", Value: "25V-8299", Effect: codegen.Effect{Address: "http://site.example/#/25V8299"}},
	}}
	key := GuessKey(rec)
	if got := WithKeys(rec, []string{key}).Actions[1].Value; key != "25V8299" || got != key {
		t.Errorf("the key is %q, and %q was typed", key, got)
	}
}

// The key is what is in the row, in the list and in the address; a list that it is not in is
// not the list of the items.
func TestGuessKey(t *testing.T) {
	row := &codegen.List{
		Columns: []codegen.Column{{Name: "Year", Unique: true}, {Name: "Stock", Unique: true}, {Name: "Color"}},
		Values:  map[string]string{"Year": "2019", "Stock": "A1001", "Color": "Red"},
	}
	other := &codegen.List{Columns: []codegen.Column{{Name: "Document", Unique: true}}, Values: map[string]string{"Document": "Report 2"}}
	rec := codegen.Recording{Actions: []codegen.Action{
		{Verb: "fill", Value: "user1"},
		{Verb: "fill", Secret: true},
		{Verb: "click", List: row, Effect: codegen.Effect{Address: "http://site.example/vehicle/A1001"}},
		{Verb: "click", List: other, Effect: codegen.Effect{File: &codegen.File{Address: "http://site.example/A1001/report"}}},
	}}
	if got := GuessKey(rec); got != "A1001" {
		t.Errorf("the key is %q", got)
	}
	if got := WithKeys(rec, []string{"A1001"}); got.Actions[2].List != row || got.Actions[3].List != nil {
		t.Errorf("the lists are %v and %v", got.Actions[2].List, got.Actions[3].List)
	}
	if got := GuessKey(codegen.Recording{}); got != "" {
		t.Errorf("of nothing the key is %q", got)
	}
	for text, is := range map[string]bool{"A1001": true, "Lot A1001, red": true, "A10011": false, "BA1001 A1001": true, "": false} {
		if hasWord(text, "A1001") != is {
			t.Errorf("%q has the key: %v", text, !is)
		}
	}
}
