package steps_test

import (
	"bytes"
	"fmt"
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

// A link's file is asked for with the Referer that the browser would send for it.
func TestRefererOfLinks(t *testing.T) {
	t.Parallel()
	const links = `<a id=plain href=/referer>a</a> <a id=none rel="nofollow noreferrer" href=/referer>a</a> <a id=origin referrerpolicy=origin href=/referer>a</a>
		<a id=odd referrerpolicy=whatever href=/referer>a</a><script>for (const a of document.links) a.target = 'out'</script>`
	s := show(t, links+`<iframe id=inner src="/inner?x=1"></iframe><iframe id=written srcdoc="<a id=plain href=/referer target=out>a</a>"></iframe><iframe name=out></iframe>`,
		"/inner", `<meta name=referrer content=origin>`+links)
	for _, c := range []struct{ in, link string }{
		{"", "#plain"}, {"", "#none"}, {"", "#origin"}, {"", "#odd"}, {"#inner", "#plain"}, {"#inner", "#none"}, {"#written", "#plain"},
	} {
		within, from := s.Page.Locator(":root"), fmt.Sprintf("{selector: %q}", c.link)
		link := within.Locator(c.link)
		if c.in != "" {
			link, from = s.Page.FrameLocator(c.in).Locator(c.link), fmt.Sprintf("{frame: %q, selector: %q}", c.in, c.link)
		}
		answer, err := s.Page.ExpectResponse("**/referer", func() error { return link.Click() })
		if err != nil {
			t.Fatal(err)
		}
		want, err := answer.Text()
		if err != nil {
			t.Fatal(err)
		}
		s.do("capture: {from: " + from + ", as: a.txt}")
		var got bytes.Buffer
		if _, err := s.Captures[len(s.Captures)-1].Delivery.Receive(s.ctx, &got); err != nil || got.String() != want {
			t.Errorf("%s %s: a fetch is %q, %v; the browser is %q", c.in, c.link, got.String(), err, want)
		}
	}
}
