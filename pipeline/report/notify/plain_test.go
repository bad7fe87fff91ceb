package notify

import (
	"errors"
	"strings"
	"testing"

	"pipe/specs"
	"pipe/specs/expr"
)

func targetOf(t *testing.T, address string) *Target {
	t.Helper()
	var to expr.Template
	to.Split(address, nil)
	target, err := newTarget(&specs.Notify{To: to}, "notify[0]", expr.Values{})
	if err != nil {
		t.Fatal(err)
	}
	return target
}

const slackAddress = "slack://hook:AAAAAAAAA-BBBBBBBBB-CCCCCCCCCCCCCCCCCCCCCCCC@webhook"

// What a site sends marks nothing up, calls nobody and links to nothing.
func TestPlain(t *testing.T) {
	hostile := "<!channel> **now** [x](http://evil) @everyone <b>&</b>"
	for address, want := range map[string]string{
		slackAddress:           "&lt;!channel&gt; **now** [x](http://evil) @everyone &lt;b&gt;&amp;&lt;/b&gt;",
		"discord://token@1234": `\<!channel\> \*\*now\*\* \[x\]\(http://evil\) @` + "\u200b" + `everyone \<b\>&\</b\>`,
		"telegram://1:" + strings.Repeat("a", 35) + "@telegram?chats=@me":                hostile,
		"telegram://1:" + strings.Repeat("a", 35) + "@telegram?chats=@me&parsemode=HTML": "&lt;!channel&gt; **now** [x](http://evil) @everyone &lt;b&gt;&amp;&lt;/b&gt;",
		"ntfy://ntfy.sh/topic":                          hostile,
		"smtp://h/?from=a@x.org&to=b@x.org":             hostile,
		"smtp://h/?from=a@x.org&to=b@x.org&usehtml=yes": "&lt;!channel&gt; **now** [x](http://evil) @everyone &lt;b&gt;&amp;&lt;/b&gt;",
		"generic+https://h/p":                           hostile,
	} {
		if got := targetOf(t, address).plain(hostile); got != want {
			t.Errorf("%s: got %s, want %s", address, got, want)
		}
	}
}

// No part of an address is in what is told of it, whatever form a service gives it.
func TestHide(t *testing.T) {
	target := targetOf(t, slackAddress)
	for _, text := range []string{
		"posting to https://hooks.slack.com/services/AAAAAAAAA/BBBBBBBBB/CCCCCCCCCCCCCCCCCCCCCCCC: refused", slackAddress,
		"token AAAAAAAAA-BBBBBBBBB-CCCCCCCCCCCCCCCCCCCCCCCC is none", "BBBBBBBBB", "%22CCCCCCCCCCCCCCCCCCCCCCCC%22",
	} {
		if got := target.hide(errors.New(text)); strings.ContainsAny(got, "ABC") {
			t.Errorf("%s is told as %s", text, got)
		}
	}
}

// A line of a message stays one, and a title too, so that no header of a mail is made of it.
func TestLines(t *testing.T) {
	if got := lines("a\r\nBcc: x\n  indented\u2028b"); got != "a\nBcc: x\n  indented b" {
		t.Errorf("got %q", got)
	}
	if got := oneLine("a\r\nBcc: x"); got != "a Bcc: x" {
		t.Errorf("got %q", got)
	}
	if got := shorten(strings.Repeat("ü", 10), 5); got != "üüüü…" {
		t.Errorf("got %q", got)
	}
}
