package artifact

import (
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"path"
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"
)

const (
	maxNameBytes      = 1000
	maxSegmentBytes   = 200
	maxExtensionBytes = 16
)

// Name makes a name from item data safe on every file system: characters that
// some system reserves become "_", and so does a leading dot; device names of
// Windows (CON, NUL, …) get a "_"; Unicode is in its composed form; a segment
// longer than 200 bytes is cut before its extension and keeps a hash of the
// whole, so that two long names stay two. Forward slashes make sub-folders.
//
// A name that leads out of the folder, or of which nothing is left to tell
// items apart, is an error. A safe name comes back as it is.
func (s *Store) Name(name string) (string, error) {
	safe, err := safeName(name)
	if err != nil {
		return "", fmt.Errorf("file name %q: %w", name, err)
	}
	return safe, nil
}

func safeName(name string) (string, error) {
	if strings.TrimSpace(name) == "" {
		return "", errors.New("it is empty; is the value that it is made of missing?")
	}
	if strings.HasPrefix(name, "/") {
		return "", errors.New(`it starts with "/"; names are relative to the output folder, or the first value is missing`)
	}
	segments := strings.Split(name, "/")
	for i, raw := range segments {
		segment, err := tidy(raw)
		if err != nil {
			return "", err
		}
		if i == len(segments)-1 && !telling(segment) {
			return "", errors.New("nothing is left before the extension; is the value that it is made of missing?")
		}
		segments[i] = portable(segment, raw)
	}
	safe := strings.Join(segments, "/")
	if len(safe) > maxNameBytes {
		return "", fmt.Errorf("it is %d bytes long, more than %d", len(safe), maxNameBytes)
	}
	return safe, nil
}

// tidy replaces and trims what no part of a path may have.
func tidy(raw string) (string, error) {
	switch raw {
	case "":
		return "", errors.New("a folder in it has no name; is the value that it is made of missing?")
	case ".", "..":
		return "", fmt.Errorf("%q would lead out of the output folder", raw)
	}
	// Normalizing misses some runes after bytes that are no UTF-8.
	segment := norm.NFC.String(strings.ToValidUTF8(raw, "_"))
	segment = strings.TrimLeftFunc(strings.Map(safeRune, segment), unicode.IsSpace)
	// Windows drops dots and spaces from the end of a name.
	segment = strings.TrimRightFunc(segment, func(r rune) bool { return r == '.' || unicode.IsSpace(r) })
	if segment == "" {
		return "", fmt.Errorf("nothing is left of %q", raw)
	}
	return segment, nil
}

// telling is true when a name has something besides filler before its
// extension. ".pdf" is what "${{ item.reference }}.pdf" gives for an empty
// value: all such items would share one file.
func telling(segment string) bool {
	return strings.ContainsFunc(strings.TrimSuffix(segment, extension(segment)), func(r rune) bool {
		return r != '_' && r != '.' && !unicode.IsSpace(r)
	})
}

// extension is a name's extension, if it is short enough to be one.
func extension(segment string) string {
	if ext := path.Ext(segment); len(ext) <= maxExtensionBytes {
		return ext
	}
	return ""
}

// portable makes a tidy segment a name that every file system takes as it is.
func portable(segment, raw string) string {
	if visible := strings.TrimLeft(segment, "."); visible != segment {
		segment = "_" + visible
	}
	return shorten(guardDevice(segment), raw)
}

// safeRune replaces what some file system or terminal cannot take.
func safeRune(r rune) rune {
	const zeroWidthNonJoiner, zeroWidthJoiner = '\u200c', '\u200d' // part of the spelling in some scripts
	switch {
	case r == utf8.RuneError, strings.ContainsRune(`<>:"|?*\/`, r):
		return '_'
	case r == zeroWidthNonJoiner, r == zeroWidthJoiner, unicode.IsGraphic(r):
		return r
	default:
		return '_'
	}
}

// guardDevice sets a name apart from the devices that Windows opens under it,
// in any folder and with any extension.
func guardDevice(segment string) string {
	stem, rest, dotted := strings.Cut(segment, ".")
	if !isDevice(strings.ToUpper(strings.TrimRightFunc(stem, unicode.IsSpace))) {
		return segment
	}
	if !dotted {
		return segment + "_"
	}
	return stem + "_." + rest
}

func isDevice(stem string) bool {
	switch stem {
	case "CON", "PRN", "AUX", "NUL", "CONIN$", "CONOUT$":
		return true
	}
	for _, port := range []string{"COM", "LPT"} {
		if digit, ok := strings.CutPrefix(stem, port); ok {
			r, size := utf8.DecodeRuneInString(digit)
			return size == len(digit) && strings.ContainsRune("0123456789¹²³", r)
		}
	}
	return false
}

// shorten cuts a long segment before its extension. The hash is of the raw
// text, so that names that differ in what was cut or replaced stay different.
func shorten(segment, raw string) string {
	if len(segment) <= maxSegmentBytes {
		return segment
	}
	sum := sha256.Sum256([]byte(raw))
	suffix := "~" + hex.EncodeToString(sum[:8]) + extension(segment)
	end := maxSegmentBytes - len(suffix)
	for !utf8.RuneStart(segment[end]) {
		end--
	}
	return segment[:end] + suffix
}
