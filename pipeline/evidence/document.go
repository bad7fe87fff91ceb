package evidence

import (
	"strings"

	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"
)

// blankPasswords takes the values out of fields for passwords, and leaves all else of a
// document as it is.
func blankPasswords(document string) string {
	var out strings.Builder
	z := html.NewTokenizer(strings.NewReader(document))
	for {
		kind := z.Next()
		if kind == html.ErrorToken {
			return out.String()
		}
		raw := string(z.Raw())
		if kind == html.StartTagToken || kind == html.SelfClosingTagToken {
			if token := z.Token(); token.DataAtom == atom.Input && isPassword(token) {
				for i, a := range token.Attr {
					if a.Key == "value" {
						token.Attr[i].Val = ""
					}
				}
				raw = token.String()
			}
		}
		out.WriteString(raw)
	}
}

func isPassword(token html.Token) bool {
	var kind, fills string
	for _, a := range token.Attr {
		switch a.Key {
		case "type":
			kind = a.Val
		case "autocomplete":
			fills = a.Val
		}
	}
	return forPassword(kind, fills)
}

// forPassword tells by its type and its autocomplete whether a field is for a password or
// a code.
func forPassword(kind, fills string) bool {
	fills = strings.ToLower(fills)
	return strings.EqualFold(strings.TrimSpace(kind), "password") || strings.Contains(fills, "password") || strings.Contains(fills, "one-time-code")
}

// piece is a token of a document, and of a text what it says and where that begins in all
// that the document says.
type piece struct {
	raw, text string
	from      int
}

// hideSplit takes out of a document's text what it has of secrets across the ends of
// elements, as pass<b>word</b>.
func hideSplit(document string, forms []string) string {
	pieces, said := piecesOf(document)
	hidden := make([]bool, len(said))
	any := false
	for _, form := range forms {
		for at := 0; ; {
			i := strings.Index(said[at:], form)
			if i < 0 {
				break
			}
			for j := range form {
				hidden[at+i+j] = true
			}
			any, at = true, at+i+len(form)
		}
	}
	if !any {
		return document
	}
	var out strings.Builder
	for _, p := range pieces {
		if p.text == "" {
			out.WriteString(p.raw)
			continue
		}
		var left strings.Builder
		for i := range len(p.text) {
			if !hidden[p.from+i] {
				left.WriteByte(p.text[i])
			} else if i == 0 || !hidden[p.from+i-1] {
				left.WriteString("***")
			}
		}
		if left.String() == p.text {
			out.WriteString(p.raw)
		} else {
			out.WriteString(html.EscapeString(left.String()))
		}
	}
	return out.String()
}

// piecesOf gives the tokens of a document, and all that it says.
func piecesOf(document string) (pieces []piece, said string) {
	var all strings.Builder
	z, script := html.NewTokenizer(strings.NewReader(document)), false
	for {
		kind := z.Next()
		if kind == html.ErrorToken {
			return pieces, all.String()
		}
		p := piece{raw: string(z.Raw())}
		switch kind {
		case html.StartTagToken:
			name, _ := z.TagName()
			script = string(name) == "script" || string(name) == "style"
		case html.EndTagToken:
			script = false
		case html.TextToken:
			if !script {
				p.text, p.from = html.UnescapeString(p.raw), all.Len()
				all.WriteString(p.text)
			}
		}
		pieces = append(pieces, p)
	}
}
