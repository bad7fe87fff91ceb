package artifact

import (
	"archive/zip"
	"encoding/binary"
	"hash/crc32"
	"slices"
	"strings"
	"testing"
)

// unpacked gives the names of the files in an archive, and fails unless each has
// its own name for its text.
func unpacked(t *testing.T, entries ...*zip.FileHeader) []string {
	t.Helper()
	s := newStore(t, Options{})
	members, err := s.Unpack(t.Context(), stage(t, s, zipOf(t, func(w *zip.Writer) {
		for _, entry := range entries {
			part, err := w.CreateHeader(entry)
			if err == nil && !strings.HasSuffix(entry.Name, "/") {
				_, err = part.Write([]byte("text of " + entry.Name))
			}
			if err != nil {
				t.Fatal(err)
			}
		}
	})))
	if err != nil {
		t.Fatal(err)
	}
	var names []string
	for _, m := range members {
		names = append(names, m.Name)
		m.Discard()
	}
	return names
}

// oldName is an entry whose name is bytes of some encoding.
func oldName(name string) *zip.FileHeader { return &zip.FileHeader{Name: name, NonUTF8: true} }

func unicodeField(about, name string) []byte {
	field := binary.LittleEndian.AppendUint32([]byte{1}, crc32.ChecksumIEEE([]byte(about)))
	field = append(field, name...)
	head := binary.LittleEndian.AppendUint16(nil, unicodePath)
	return append(binary.LittleEndian.AppendUint16(head, uint16(len(field))), field...)
}

func TestZIPNames(t *testing.T) {
	t.Parallel()
	told := oldName("\x9abersicht.pdf")
	told.Extra = append([]byte{0x75, 0x55, 1, 0, 9}, unicodeField(told.Name, "Übersicht.pdf")...)
	stale := oldName("new.pdf")
	stale.Extra = unicodeField("old.pdf", "alt.pdf")
	for name, test := range map[string]struct {
		entries []*zip.FileHeader
		want    string
	}{
		"Shift-JIS, with a backslash for a second byte": {
			[]*zip.FileHeader{oldName("\x90\xbf\x8b\x81\x8f\x91.pdf"), oldName("\x95\x5c\x8e\x86.pdf")}, "請求書.pdf|表紙.pdf",
		},
		"Shift-JIS folders of Windows": {[]*zip.FileHeader{oldName("\x95\x5c\x8e\x86\\a.pdf")}, "a.pdf"},
		"code page 850":                {[]*zip.FileHeader{oldName("\x9abersicht.pdf"), oldName("\x99ffnung.pdf")}, "Übersicht.pdf|Öffnung.pdf"},
		"UTF-8 with its flag":          {[]*zip.FileHeader{{Name: "Übersicht.pdf"}, {Name: "plan.pdf"}}, "Übersicht.pdf|plan.pdf"},
		"UTF-8 without its flag":       {[]*zip.FileHeader{oldName("Übersicht.pdf"), oldName("請求書.pdf")}, "Übersicht.pdf|請求書.pdf"},
		"decomposed, as of macOS":      {[]*zip.FileHeader{{Name: "U\u0308bersicht.pdf"}}, "Übersicht.pdf"},
		"the Unicode path field":       {[]*zip.FileHeader{told, oldName("\x9abung.pdf")}, "Übersicht.pdf|Übung.pdf"},
		"a field about another name":   {[]*zip.FileHeader{stale}, "new.pdf"},
		"colons":                       {[]*zip.FileHeader{{Name: "at 10:30.pdf"}}, "at 10:30.pdf"},
		"one name in two folders":      {[]*zip.FileHeader{{Name: "jan/report.pdf"}, {Name: "feb/report.pdf"}, {Name: "report (2).pdf"}}, "report.pdf|report (3).pdf|report (2).pdf"},
		"one name but for its case":    {[]*zip.FileHeader{{Name: "Report.pdf"}, {Name: "report.PDF"}}, "Report.pdf|report (2).PDF"},
		"one name but for its form":    {[]*zip.FileHeader{{Name: "a\u0308.pdf"}, {Name: "\u00e4.pdf"}}, "ä.pdf|ä (2).pdf"},
		"one name when it is safe":     {[]*zip.FileHeader{{Name: "a?.pdf"}, {Name: "a*.pdf"}}, "a?.pdf|a* (2).pdf"},
		"the very same name":           {[]*zip.FileHeader{{Name: "a"}, {Name: "a"}, {Name: "a"}}, "a|a (2)|a (3)"},
		"an archive in it":             {[]*zip.FileHeader{{Name: "inner.zip"}}, "inner.zip"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			if got := unpacked(t, test.entries...); !slices.Equal(got, strings.Split(test.want, "|")) {
				t.Errorf("got %q", got)
			}
		})
	}
}

// A name that is flagged as UTF-8 stays, whatever the others of the archive are in.
func TestZIPNamesFlagged(t *testing.T) {
	t.Parallel()
	got := unpacked(t, &zip.FileHeader{Name: "Müller.pdf"}, oldName("Stra\xe1e.pdf"))
	if !slices.Contains(got, "Müller.pdf") {
		t.Errorf("got %q", got)
	}
}
