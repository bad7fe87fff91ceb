package steps_test

import (
	"bytes"
	"strings"
	"testing"
)

func TestCapture(t *testing.T) {
	t.Parallel()
	s := show(t, `<a id=tab target=_blank href="/file.pdf">tab</a><button id=blob onclick="const a = document.createElement('a'); a.download = 'b.txt'; a.href = window.URL.createObjectURL(new Blob(['blob'])); a.click()">blob</button>`,
		"/file.pdf", "%PDF-1.4 served as HTML, as some sites do")
	s.do(`capture: {on: {click: "#blob"}, as: "${{ item.ref }}.txt", expect: {contains: "${{ item.ref }}", not_contains: draft}}`,
		`capture: {url: "${{ env.SITE }}/file.pdf", as: b.pdf, expect: pdf}`)
	if len(s.Captures) != 2 {
		t.Fatalf("%d captures", len(s.Captures))
	}
	for i, want := range []struct{ name, text, via string }{{"A1.txt", "blob", "blob download"}, {"b.pdf", "%PDF-1.4 served as HTML, as some sites do", "fetch"}} {
		c := s.Captures[i]
		var got bytes.Buffer
		how, err := c.Delivery.Receive(s.ctx, &got)
		if err != nil || got.String() != want.text || c.Name != want.name || !strings.Contains(want.via, how.Via) {
			t.Errorf("%s: %q via %s, %v", c.Name, got.String(), how.Via, err)
		}
	}
	if c := s.Captures[0]; c.Contains[0] != "A1" || c.NotContains[0] != "draft" || c.Left <= 0 {
		t.Errorf("got %+v", c)
	}
	if s.Captures[1].Proof.Type != "pdf" {
		t.Errorf("the proof is %+v", s.Captures[1].Proof)
	}
	s.fails("no element matches", `capture: {on: {click: {selector: "#no", timeout: 200ms}}, as: x}`)
}

// Whichever way a file is named: by an element, or by the page itself.
func TestCaptureFromAndPrint(t *testing.T) {
	t.Parallel()
	s := show(t, `<a id=link href="/file.pdf?x=1">the file</a><b id=none>none</b><img id=pic src="/file.pdf"><h1>the document</h1>`, "/file.pdf", "linked")
	s.do(`capture: {from: {role: link, name: the file}, as: a.pdf}`, `capture: {from: "#pic", as: b.pdf}`,
		`capture: {print: {format: a4, margin: 2cm, footer: "<i>page</i>"}, as: c.pdf}`, `capture: {print: legal, as: d.pdf}`)
	for i, want := range []string{"linked", "linked", "%PDF-", "%PDF-"} {
		var got bytes.Buffer
		if _, err := s.Captures[i].Delivery.Receive(s.ctx, &got); err != nil || !strings.HasPrefix(got.String(), want) {
			t.Errorf("%s: %.20q, %v", s.Captures[i].Name, got.String(), err)
		}
	}
	s.fails(`"#none" has neither href nor src`, `capture: {from: "#none", as: x}`)
}

// A file that is asked for is wanted: its dialogs are accepted, unless the spec
// says otherwise.
func TestCaptureDialogs(t *testing.T) {
	t.Parallel()
	const page = `<p id=out></p><button id=b onclick="alert('a moment'); if (confirm('sure?')) window.open('/file.pdf'); else out.textContent = 'no'">b</button>`
	s := show(t, page, "/file.pdf", "confirmed")
	s.do(`capture: {on: {click: "#b"}, as: a.pdf}`)
	var got bytes.Buffer
	if _, err := s.Captures[0].Delivery.Receive(s.ctx, &got); err != nil || got.String() != "confirmed" {
		t.Errorf("%q, %v", got.String(), err)
	}
	s.do(`click: "#b"`)
	s.is("out.textContent", "no")
	s = show(t, page, "/file.pdf", "confirmed")
	s.fails("no file came", `dismiss: true`, `dismiss: false`, `capture: {on: {click: "#b"}, as: a.pdf, timeout: 4s}`)
	s.is("out.textContent", "no")
}
