package file

import (
	"bytes"
	"fmt"
	"strings"
	"unicode/utf8"

	"golang.org/x/text/encoding/charmap"
	"golang.org/x/text/encoding/htmlindex"
	"golang.org/x/text/encoding/unicode"
	"golang.org/x/text/transform"
)

// sampleBytes at the start of a file decide what it is.
const sampleBytes = 64 << 10

// decoderOf gives what turns a file into UTF-8, and what the file is in: the
// encoding that is named, or the one that its start shows.
func decoderOf(name string, head []byte) (transform.Transformer, string, error) {
	marked := map[string]string{"\xef\xbb\xbf": "UTF-8", "\xff\xfe": "UTF-16", "\xfe\xff": "UTF-16 (big-endian)"}
	for mark, found := range marked {
		if bytes.HasPrefix(head, []byte(mark)) {
			return unicode.BOMOverride(transform.Nop), found + " with a byte order mark", nil
		}
	}
	if name != "" {
		encoding, err := htmlindex.Get(name)
		if err != nil {
			return nil, "", fmt.Errorf("there is no encoding %q: give one such as utf-8, windows-1252 or shift_jis", name)
		}
		return encoding.NewDecoder(), name, nil
	}
	switch little, big := wide(head); {
	case little:
		return unicode.UTF16(unicode.LittleEndian, unicode.IgnoreBOM).NewDecoder(), "UTF-16 without a byte order mark", nil
	case big:
		return unicode.UTF16(unicode.BigEndian, unicode.IgnoreBOM).NewDecoder(), "UTF-16 (big-endian) without a byte order mark", nil
	case validStart(head):
		return lenientUTF8{}, "UTF-8", nil
	default:
		return lenientUTF8{}, "Windows-1252", nil
	}
}

// wide tells UTF-16 by the zeros in every other byte that Western text has.
func wide(head []byte) (little, big bool) {
	head = head[:min(len(head), 1000)&^1]
	var zeros [2]int
	for i, b := range head {
		if b == 0 {
			zeros[i%2]++
		}
	}
	most := len(head) / 2 * 6 / 10
	return len(head) >= 4 && zeros[1] > most && zeros[0] == 0, len(head) >= 4 && zeros[0] > most && zeros[1] == 0
}

// validStart tells whether the start of a file is UTF-8, but for a rune that the
// end of the sample may cut.
func validStart(head []byte) bool {
	for cut := 0; cut < utf8.UTFMax && cut <= len(head); cut++ {
		if utf8.Valid(head[:len(head)-cut]) {
			return cut == 0 || len(head) == sampleBytes
		}
	}
	return false
}

// lenientUTF8 reads UTF-8 and takes each byte that is none for Windows-1252.
// So it needs no look at the whole file to tell which of the two it is.
type lenientUTF8 struct{ transform.NopResetter }

// Transform implements [transform.Transformer].
func (lenientUTF8) Transform(dst, src []byte, atEOF bool) (nDst, nSrc int, err error) {
	for nSrc < len(src) {
		r, size := utf8.DecodeRune(src[nSrc:])
		if r == utf8.RuneError && size == 1 {
			if !atEOF && !utf8.FullRune(src[nSrc:]) {
				return nDst, nSrc, transform.ErrShortSrc
			}
			r = charmap.Windows1252.DecodeByte(src[nSrc])
		}
		if nDst+utf8.RuneLen(r) > len(dst) {
			return nDst, nSrc, transform.ErrShortDst
		}
		nDst += utf8.EncodeRune(dst[nDst:], r)
		nSrc += size
	}
	return nDst, nSrc, nil
}

// decodeAll gives a text in UTF-8, without a byte order mark.
func decodeAll(decoder transform.Transformer, text []byte) (string, error) {
	out, _, err := transform.Bytes(decoder, text)
	return strings.TrimPrefix(string(out), "\ufeff"), err
}
