package orderedjson

import (
	"bytes"
	"fmt"
	"unicode"
)

// Quiet puts escapes in the place of those characters in JSON that a terminal obeys, or
// that turn the writing direction: its values stay as they are.
func Quiet(text []byte) []byte {
	odd := func(r rune) bool {
		return r >= 0x7f && unicode.IsControl(r) || unicode.Is(unicode.Bidi_Control, r)
	}
	if !bytes.ContainsFunc(text, odd) {
		return text
	}
	var quiet bytes.Buffer
	for _, r := range string(text) {
		if odd(r) {
			fmt.Fprintf(&quiet, `\u%04x`, r)
		} else {
			quiet.WriteRune(r)
		}
	}
	return quiet.Bytes()
}
