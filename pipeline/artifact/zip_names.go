package artifact

import (
	"archive/zip"
	"encoding/binary"
	"hash/crc32"
	"path"
	"strconv"
	"strings"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"

	"pipe/specs"
)

// unicodePath is the extra field in which programs put a name in UTF-8 beside
// the one that older programs read.
const unicodePath = 0x7075

// namesInUTF8 is the flag of an entry whose name is in UTF-8.
const namesInUTF8 = 0x800

// decodeNames gives the entries of an archive the names that people see. An
// archive does not tell the encoding of its names unless it is UTF-8: the others
// of one archive are of one desk, so that all together tell it.
func decodeNames(archive *zip.Reader) {
	var old []*zip.File
	for _, file := range archive.File {
		switch told, ok := unicodeName(file); {
		case ok:
			file.Name = told
		case file.Flags&namesInUTF8 != 0 && utf8.ValidString(file.Name):
		case !isASCII(file.Name):
			old = append(old, file)
			continue
		}
		file.Name = norm.NFC.String(file.Name)
	}
	raw := make([]string, len(old))
	valid := true
	for i, file := range old {
		raw[i] = file.Name
		valid = valid && utf8.ValidString(file.Name)
	}
	if !valid {
		raw = decodeLegacy(raw)
	}
	for i, file := range old {
		file.Name = norm.NFC.String(raw[i])
	}
}

// unicodeName is the name in the extra field, if it is about the name that the
// entry has: programs that rename entries do not know of it.
func unicodeName(file *zip.File) (name string, ok bool) {
	for extra := file.Extra; len(extra) >= 4; {
		id, size := binary.LittleEndian.Uint16(extra), int(binary.LittleEndian.Uint16(extra[2:]))
		if extra = extra[4:]; size > len(extra) {
			return "", false
		}
		field := extra[:size]
		if extra = extra[size:]; id != unicodePath || size < 6 || field[0] != 1 {
			continue
		}
		name = string(field[5:])
		if binary.LittleEndian.Uint32(field[1:]) == crc32.ChecksumIEEE([]byte(file.Name)) && utf8.ValidString(name) {
			return name, true
		}
	}
	return "", false
}

func isASCII(text string) bool {
	return !strings.ContainsFunc(text, func(r rune) bool { return r >= utf8.RuneSelf })
}

// memberNames gives each file the last part of its name, with a number where
// another of the archive has it, or one that becomes the same among the placed
// files or on some file system.
func memberNames(files []*zip.File) []string {
	names, taken := make([]string, len(files)), map[string]bool{}
	for i, file := range files {
		names[i] = path.Base(entryPath(file))
	}
	own := map[string]bool{}
	for _, name := range names {
		own[placedAs(name)] = true
	}
	for i, name := range names {
		// The first that has a name keeps it; numbers pass over the names of others.
		for n := 2; taken[placedAs(names[i])]; n++ {
			ext := extension(name)
			names[i] = strings.TrimSuffix(name, ext) + " (" + strconv.Itoa(n) + ")" + ext
			if own[placedAs(names[i])] {
				names[i] = name
			}
		}
		taken[placedAs(names[i])] = true
	}
	return names
}

// placedAs maps names that would be one file to one string.
func placedAs(name string) string {
	if safe, err := safeName(strings.ReplaceAll(name, "/", "_")); err == nil {
		name = safe
	}
	return specs.FoldName(name)
}
