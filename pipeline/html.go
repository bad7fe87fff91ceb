package pipeline

import (
	"bytes"
	"regexp"
	"slices"
	"strings"

	"golang.org/x/net/html"
)

var (
	htmlStart     = regexp.MustCompile(`(?is)^\s*(<\?xml[^>]*>|<!--.*?-->|\s)*<(!doctype\s+html|html|head|body|title|script)\b`)
	passwordField = regexp.MustCompile(`(?is)<input\b[^>]*\btype\s*=\s*["']?password\b`)
)

// BeginsHTML tells whether a text begins as an HTML document does.
func BeginsHTML(text string) bool { return htmlStart.MatchString(text) }

// AsksForPassword tells whether a page has a field for a password, or a script
// that makes one: the mark of a login page.
func AsksForPassword(src []byte) bool { return passwordField.Match(src) }

// HTMLTitle gives the title of an HTML document on one line, "" when it has none.
func HTMLTitle(src []byte) string { return HTMLElement(src, "title") }

// HTMLElement gives the text, on one line, of the first element that has one of
// the names; "" when there is none, or its end is not there.
func HTMLElement(src []byte, names ...string) string {
	start, at := -1, 0
	for z := html.NewTokenizer(bytes.NewReader(src)); ; {
		kind := z.Next()
		raw := len(z.Raw())
		switch kind {
		case html.ErrorToken:
			return ""
		case html.StartTagToken:
			if name, _ := z.TagName(); start < 0 && slices.Contains(names, string(name)) {
				start = at + raw
			}
		case html.EndTagToken:
			if name, _ := z.TagName(); start >= 0 && slices.Contains(names, string(name)) {
				return strings.Join(strings.Fields(HTMLText(src[start:at])), " ")
			}
		}
		at += raw
	}
}

// HTMLText gives the text of an HTML document, or of a part of one, as a person
// may read it: without markup, scripts and styles. Other text stays as it is.
func HTMLText(src []byte) string {
	var text strings.Builder
	hidden := ""
	for z := html.NewTokenizer(bytes.NewReader(src)); ; {
		switch z.Next() {
		case html.ErrorToken: // the end, in a tag that is not closed maybe
			text.Write(z.Raw())
			return text.String()
		case html.TextToken:
			if hidden == "" {
				text.Write(z.Text())
			}
		case html.StartTagToken:
			if name, _ := z.TagName(); string(name) == "script" || string(name) == "style" {
				hidden = string(name)
			}
			text.WriteByte(' ')
		case html.EndTagToken:
			if name, _ := z.TagName(); string(name) == hidden {
				hidden = ""
			}
			text.WriteByte(' ')
		default:
			text.WriteByte(' ')
		}
	}
}
