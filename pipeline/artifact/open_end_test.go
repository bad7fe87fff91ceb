package artifact

import (
	"bytes"
	"strings"
	"testing"
)

// A file of which the site has not said where it ends counts if it has an end of
// its own.
func TestOpenEnd(t *testing.T) {
	t.Parallel()
	s := newStore(t, Options{})
	for _, c := range []struct {
		name, kind string
		data       []byte
		counts     bool
	}{
		{"a table", "csv", []byte("a,b\n1,2\n3,4\n"), false},
		{"a text", "", []byte("some lines\nof text\n"), false},
		{"bytes of no known kind", "any", bytes.Repeat([]byte("\x00\x01\xfe"), 100), false},
		{"JSON", "any", []byte(`[{"a": 1}, {"a": 2}]`), true},
		{"XML", "any", []byte(`<?xml version="1.0"?><rows><row/></rows>`), true},
		{"JSON in UTF-16", "any", []byte("\xff\xfe[\x001\x00]\x00"), true},
		{"lines of JSON", "any", []byte("{\"a\": 1}\n{\"a\": 2}\n"), false},
		{"a log", "any", []byte("[12:03] begun\n[12:04] ended\n"), false},
		{"a card", "any", []byte("BEGIN:VCARD\nFN:A\nEND:VCARD\n"), true},
		{"cards", "any", []byte(strings.Repeat("BEGIN:VCARD\nFN:A\nEND:VCARD\n", 2)), false},
		{"rich text", "any", []byte(`{\rtf1 text}`), true},
		{"prices", "any", []byte("<TICKER>,<PER>,<CLOSE>\nA,D,1\nB,D,2\n"), false},
		{"what people said", "any", []byte("<ann> hello\n<bob> hi\n"), false},
		{"XML without a declaration", "any", []byte("<rows><row a=\"1\"/></rows>"), true},
		{"a page", "html", []byte("<!doctype html><html><title>x</title><p>text</html>"), true},
		{"a picture", "image", makeImage(t, "png"), true},
	} {
		w := want{Type: c.kind, OpenEnd: true}
		got := reasonOf(t, s, c.data, w)
		if c.counts && got != "" || !c.counts && !strings.HasPrefix(got, "may be cut off: ") {
			t.Errorf("%s: %q", c.name, got)
		}
		w.OpenEnd = false
		if got := reasonOf(t, s, c.data, w); got != "" {
			t.Errorf("%s, of known size: %q", c.name, got)
		}
	}
}
