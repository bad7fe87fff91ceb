package steps_test

import (
	"bytes"
	"errors"
	"testing"
	"time"

	"pipe/steps"
)

const owners = `<title>owners</title><p id=owners>three</p><p id=kept></p><script>kept.textContent = sessionStorage.token || 'none'</script>
	<button id=more onclick="window.open('/more')">more</button><button id=ask onclick="owners.textContent = confirm('sure?')">ask</button>
	<button id=shut onclick="window.close()">shut</button>
	<button id=busy onclick="window.close(); for (const end = Date.now() + 300; Date.now() < end;);">shut, and answer late</button>
	<button id=off disabled onclick="owners.textContent = 'off'">off</button>
	<input id=field oninput="window.close(); for (const end = Date.now() + 300; Date.now() < end;);">
	<button id=soon onclick="setTimeout(() => window.close(), 300)">shut soon</button>
	<button id=report onclick="window.open('/report')">report</button>`

// alone waits until the page has no other tab beside it.
func (s *testPage) alone() {
	s.t.Helper()
	for deadline := time.Now().Add(time.Minute); ; time.Sleep(10 * time.Millisecond) {
		n := len(s.Page.Context().Pages())
		if n == 1 {
			return
		}
		if time.Now().After(deadline) {
			s.t.Fatalf("%d pages are open, want the one", n)
		}
	}
}

// What stands in a tab is about the tab, what comes after it about the page.
func TestTab(t *testing.T) {
	t.Parallel()
	s := show(t, `<p id=owners>none here</p><a id=open href=/owners target=_blank>owners</a><button id=two onclick="window.open('/owners'); window.open('/more')">two</button>`,
		"/owners", owners, "/more", `<p id=more>deep</p>`)
	const read = `do: [{extract: {name: tab, fields: {owners: {text_of: "#owners"}}}}]}`
	s.do(`tab: {on: {click: "#open"}, `+read, `extract: {name: page, fields: {owners: {text_of: "#owners"}}}`,
		`expect: steps.tab.owners == "three" && steps.page.owners == "none here"`)
	s.alone()
	// A tab that comes with it is closed as well.
	s.do(`tab: {on: {click: "#two"}, ` + read)
	s.alone()
	// One within the other.
	s.do(`tab: {on: {click: "#open"}, do: [{tab: {on: {click: "#more"}, do: [{extract: {name: deep, fields: {t: {text_of: "#more"}}}}]}}, {wait: {text: three}}]}`,
		`expect: steps.deep.t == "deep"`)
	s.alone()
	s.is("owners.textContent", "none here")
}

// Steps in a tab wait for its page, however late the site answers.
func TestTabThatIsLate(t *testing.T) {
	t.Parallel()
	s := show(t, `<a id=open href=/slow target=_blank>slow</a><button id=write onclick="window.open().document.body.append('written')">write</button>`)
	const read = `do: [{evaluate: {name: text, script: "document.body.innerText"}}]}`
	s.do(`tab: {on: {click: "#open"}, `+read, `expect: steps.text == "slow"`)
	s.do(`tab: {on: {click: "#write"}, `+read, `expect: steps.text == "written"`)
}

// A tab of an address has the page's login, in whichever storage that is.
func TestTabByAddress(t *testing.T) {
	t.Parallel()
	s := show(t, `<p id=owners>none here</p><script>sessionStorage.token = 'mine'</script>`, "/owners", owners)
	s.do(`tab: {url: "${{ env.SITE }}/owners", do: [{extract: {name: tab, fields: {kept: {text_of: "#kept"}}}}]}`, `expect: steps.tab.kept == "mine"`)
	s.alone()
	s.fails("the site answered 502", `tab: {url: "${{ env.SITE }}/broken", do: [{wait: "#owners"}]}`)
	s.alone()
	s.is("owners.textContent", "none here")
}

// What the page has arranged is not the tab's, nor the other way round.
func TestTabDialogs(t *testing.T) {
	t.Parallel()
	s := show(t, `<a id=open href=/owners target=_blank>owners</a><button id=ask onclick="this.textContent = confirm('sure?')">ask</button>`, "/owners", owners)
	s.do(`dismiss: {accept: true}`, `tab: {on: {click: "#open"}, do: [{click: "#ask"}, {wait: {selector: "#owners", text: "false"}}, {dismiss: {accept: true}}, {click: "#ask"}, {wait: {selector: "#owners", text: "true"}}]}`,
		`click: "#ask"`, `wait: {selector: "#ask", text: "true"}`)
}

// A file that a tab's own tab brings is the tab's, and outlives it.
func TestTabCapture(t *testing.T) {
	t.Parallel()
	s := show(t, `<a id=open href=/owners target=_blank>owners</a>`, "/owners", owners, "/report", "%PDF-1.4 report")
	s.do(`tab: {on: {click: "#open"}, do: [{capture: {on: {click: "#report"}, as: a.html}}]}`)
	if len(s.Captures) != 1 {
		t.Fatalf("%d files", len(s.Captures))
	}
	var got bytes.Buffer
	how, err := s.Captures[0].Delivery.Receive(s.ctx, &got)
	if err != nil || got.String() != "%PDF-1.4 report" || how.Via != "popup" {
		t.Errorf("got %q by %s (%v)", got.String(), how.Via, err)
	}
	s.alone()
}

// The last step may well close the tab; one that closes it before its time
// fails, and what fails in a tab closes it.
func TestTabThatCloses(t *testing.T) {
	t.Parallel()
	s := show(t, `<a id=open href=/owners target=_blank>owners</a><button id=none>none</button><a id=bad href=/broken target=_blank>bad</a>`, "/owners", owners)
	s.do(`tab: {on: {click: "#open"}, do: [{click: "#shut"}]}`, `wait: "#open"`)
	s.do(`tab: {on: {click: "#open"}, do: [{click: "#busy"}]}`, `wait: "#open"`, `tab: {on: {click: "#open"}, do: [{each: {in: "${{ [1] }}", as: n, do: [{press: {selector: "#busy", key: Enter}}]}}]}`, `wait: "#open"`)
	s.fails("the page is closed", `tab: {on: {click: "#open"}, do: [{click: "#shut"}, {wait: "#never"}]}`)
	s.fails("the page is closed", `tab: {on: {click: "#open"}, do: [{click: "#shut"}, {click: "#ask"}]}`)
	s.fails("the page is closed", `tab: {on: {click: "#open"}, do: [{click: "#busy"}, {wait: "#open"}]}`)
	s.fails("the page is closed", `tab: {on: {click: "#open"}, do: [{click: "#soon"}, {click: "#off"}]}`)
	s.fails("the page is closed", `tab: {on: {click: "#open"}, do: [{type: {selector: "#field", value: "half of this"}}]}`)
	s.fails("#never", `tab: {on: {click: "#open"}, do: [{wait: {selector: "#never", timeout: 300ms}}]}`)
	s.alone()
	before := s.StepTimeout
	s.StepTimeout = time.Second
	s.fails("waiting for the tab: nothing within the time-out", `tab: {on: {click: "#none"}, do: [{wait: "#never"}]}`)
	s.StepTimeout = before
	told := make(chan error, 8)
	defer s.page.Watch(func(err error) { told <- err })()
	_ = s.try(`tab: {on: {click: "#bad"}, do: [{wait: {selector: "#never", timeout: 3s}}]}`)
	var status *steps.StatusError
	if err := <-told; !errors.As(err, &status) || status.Status != 502 {
		t.Errorf("the run was told %v", err)
	}
	s.alone()
}
