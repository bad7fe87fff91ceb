package artifact

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/encoding/charmap"
	xunicode "golang.org/x/text/encoding/unicode"
	"golang.org/x/text/transform"
	"golang.org/x/text/unicode/norm"
)

// maxText bounds the text that is read from one file, in bytes.
const maxText = 4 << 20

// decodeText reads bytes as the byte order mark says, else as UTF-8, else as
// Windows-1252, which takes any bytes.
func decodeText(data []byte) string {
	var fallback transform.Transformer = transform.Nop
	if !utf8.Valid(trimPartialRune(data)) {
		fallback = charmap.Windows1252.NewDecoder()
	}
	out, _, err := transform.Bytes(xunicode.BOMOverride(fallback), data)
	if err != nil {
		return strings.ToValidUTF8(string(data), "\uFFFD")
	}
	return strings.ToValidUTF8(string(out), "")
}

// trimPartialRune drops a rune that the end of the data cuts in two.
func trimPartialRune(data []byte) []byte {
	for i := 1; i <= min(utf8.UTFMax, len(data)); i++ {
		if start := len(data) - i; utf8.RuneStart(data[start]) {
			if !utf8.FullRune(data[start:]) {
				return data[:start]
			}
			break
		}
	}
	return data
}

// isText is true when the decoded start of a file holds no control characters
// but those that shape text.
func isText(text string) bool {
	return !strings.ContainsFunc(text, func(r rune) bool {
		return unicode.IsControl(r) && !strings.ContainsRune("\t\n\v\f\r\x1a\x1b\u0085", r)
	})
}

// cutText shortens text to maxText bytes at a rune boundary.
func cutText(text string) (cut string, wasCut bool) {
	if len(text) <= maxText {
		return text, false
	}
	return string(trimPartialRune([]byte(text[:maxText]))), true
}

func splitWords(text string) []string {
	return strings.FieldsFunc(norm.NFC.String(text), func(r rune) bool {
		return unicode.IsSpace(r) || !unicode.IsGraphic(r)
	})
}

// excerpt is the start of a text in quotes, short enough for a reason.
func excerpt(text string) string {
	const most = 60
	words := []rune(strings.Join(splitWords(text), " "))
	if len(words) > most {
		words = append(words[:most], '…')
	}
	return `"` + string(words) + `"`
}
