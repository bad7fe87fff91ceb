package secret

import (
	"encoding/base64"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"html"
	"maps"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"unicode/utf16"
)

// encodedLeast is how many bytes a value has at least that is also looked for in base64
// and in hexadecimal: what is left of a shorter one is found in any text.
const encodedLeast = 6

// forms are a value as texts may have it: plain, encoded for URLs, HTML, JSON and scripts,
// and within a longer text that is in base64 or in hexadecimal.
func forms(value string) []string {
	all := formsInOrder(value)
	slices.Sort(all)
	return slices.DeleteFunc(slices.Compact(all), func(form string) bool { return form == "" })
}

// formsInOrder are the forms of a value, those of two values in the same order: the ones
// of base64 and hexadecimal come last, and a short value has none.
func formsInOrder(value string) []string {
	all := []string{value}
	all = append(all, urlForms(value)...)
	all = append(all, htmlForms(value)...)
	all = append(all, scriptForms(value)...)
	if len(value) >= encodedLeast {
		all = append(all, base64Forms(value)...)
		digits := hex.EncodeToString([]byte(value))
		all = append(all, digits, strings.ToUpper(digits))
	}
	return all
}

// Replacements are all forms of a value, each with what stands for it where another value
// takes its place: pairs for [strings.NewReplacer], the longest form first. In base64 the
// other must be as long as the value, or what stands behind it there is garbled.
func Replacements(value, by string) []string {
	from, to := formsInOrder(value), formsInOrder(by)
	known := map[string]string{}
	for i, form := range from {
		if _, there := known[form]; !there && form != "" && i < len(to) {
			known[form] = to[i]
		}
	}
	forms := slices.SortedFunc(maps.Keys(known), longestFirst)
	pairs := make([]string, 0, 2*len(forms))
	for _, form := range forms {
		pairs = append(pairs, form, known[form])
	}
	return pairs
}

// byComponent is what encodeURIComponent leaves as it is, and Go does not.
var byComponent = strings.NewReplacer("+", "%20", "%21", "!", "%27", "'", "%28", "(", "%29", ")", "%2A", "*")

func urlForms(value string) []string {
	query := url.QueryEscape(value)
	all := []string{query, url.PathEscape(value), byComponent.Replace(query)}
	for _, form := range all {
		all = append(all, lowerEscapes(form), url.QueryEscape(form))
	}
	var each strings.Builder
	for _, b := range []byte(value) {
		fmt.Fprintf(&each, "%%%02X", b)
	}
	return append(all, each.String(), strings.ToLower(each.String()))
}

// lowerEscapes writes the escapes of a URL in lower case.
func lowerEscapes(text string) string {
	b := []byte(text)
	for i := 0; i+2 < len(b); i++ {
		if b[i] == '%' {
			copy(b[i+1:i+3], strings.ToLower(string(b[i+1:i+3])))
			i += 2
		}
	}
	return string(b)
}

// byText and byAttribute are how a browser writes a document out, named is what others
// write.
var (
	byText      = strings.NewReplacer("&", "&amp;", "<", "&lt;", ">", "&gt;", "\u00a0", "&nbsp;")
	byAttribute = strings.NewReplacer("&", "&amp;", `"`, "&quot;", "\u00a0", "&nbsp;")
	named       = strings.NewReplacer("&", "&amp;", "<", "&lt;", ">", "&gt;", `"`, "&quot;", "'", "&#39;")
	inHex       = strings.NewReplacer("&", "&amp;", "<", "&lt;", ">", "&gt;", `"`, "&quot;", "'", "&#x27;")
)

func htmlForms(value string) []string {
	var decimal, digits strings.Builder
	for _, r := range value {
		fmt.Fprintf(&decimal, "&#%d;", r)
		fmt.Fprintf(&digits, "&#x%x;", r)
	}
	return []string{
		html.EscapeString(value), byText.Replace(value), byAttribute.Replace(value), byAttribute.Replace(byText.Replace(value)),
		named.Replace(value), inHex.Replace(value), decimal.String(), digits.String(), strings.ReplaceAll(strings.ToUpper(digits.String()), "X", "x"),
	}
}

// scriptForms are those of JSON, JavaScript and Go: what needs no escape as it is, all but
// ASCII escaped, and all escaped.
func scriptForms(value string) []string {
	quoted := strconv.Quote(value)
	all := []string{quoted[1 : len(quoted)-1]}
	if text, err := json.Marshal(value); err == nil {
		all = append(all, string(text[1:len(text)-1]))
	}
	var plain strings.Builder
	enc := json.NewEncoder(&plain)
	enc.SetEscapeHTML(false)
	if err := enc.Encode(value); err == nil {
		all = append(all, strings.Trim(plain.String(), "\n")[1:plain.Len()-2])
	}
	for _, form := range all {
		all = append(all, strings.ReplaceAll(form, "/", `\/`), asciiOnly(form), strings.ReplaceAll(form, `\`, `\\`))
	}
	var each, bytes strings.Builder
	for _, unit := range utf16.Encode([]rune(value)) {
		fmt.Fprintf(&each, `\u%04x`, unit)
	}
	for _, b := range []byte(value) {
		fmt.Fprintf(&bytes, `\x%02x`, b)
	}
	return append(all, each.String(), bytes.String(), strings.ReplaceAll(strings.ToUpper(each.String()), "U", "u"))
}

// asciiOnly escapes what is no ASCII.
func asciiOnly(text string) string {
	var out strings.Builder
	for _, r := range text {
		if r < 0x80 {
			out.WriteRune(r)
			continue
		}
		for _, unit := range utf16.Encode([]rune{r}) {
			fmt.Fprintf(&out, `\u%04x`, unit)
		}
	}
	return out.String()
}

// base64Forms are a value's own, and what of it is to be seen in that of a text in which
// it stands, wherever that is: base64 takes three bytes at a time, and the signs at both
// ends are shared with the neighbours.
func base64Forms(value string) (all []string) {
	for _, enc := range []*base64.Encoding{base64.StdEncoding, base64.URLEncoding} {
		all = append(all, enc.EncodeToString([]byte(value)), enc.WithPadding(base64.NoPadding).EncodeToString([]byte(value)))
		for before := range 3 {
			text := enc.WithPadding(base64.NoPadding).EncodeToString([]byte(strings.Repeat("\x00", before) + value))
			whole := (before + len(value)) * 8 / 6
			shared := (before*8 + 5) / 6
			all = append(all, text[shared:whole])
		}
	}
	return all
}
