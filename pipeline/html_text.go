package pipeline

import (
	"bytes"
	"strings"

	"golang.org/x/net/html"
)

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
