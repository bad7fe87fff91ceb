package artifact

import (
	"archive/zip"
	"bytes"
	"compress/flate"
	"encoding/binary"
	"errors"
	"fmt"
	"hash/crc32"
	"io"
	"runtime"
	"strings"
	"testing"
	"time"

	"pipe/pipeline"
)

// reasonOf proves a file and gives the reason why it is refused, or "".
func reasonOf(t *testing.T, s *Store, data []byte, w want) string {
	t.Helper()
	file := stage(t, s, data)
	defer file.Discard()
	_, err := s.Prove(t.Context(), file, w)
	var failed *pipeline.ProofError
	if err != nil && !errors.As(err, &failed) {
		t.Fatal(err)
	}
	if err == nil {
		return ""
	}
	return failed.Reason
}

// An image that is cut anywhere is told, and so is one with a byte astray.
func TestCutImages(t *testing.T) {
	t.Parallel()
	s := newStore(t, Options{})
	for _, format := range []string{"png", "jpeg", "gif"} {
		whole := makeImage(t, format)
		name := map[string]string{"jpeg": "jpg"}[format]
		if name == "" {
			name = format
		}
		for size := 40; size < len(whole)-1; size += 97 {
			if got := reasonOf(t, s, whole[:size], want{Type: "image"}); got != "is cut off: an image ("+name+") without its end" {
				t.Errorf("%s of %d of %d bytes: %s", format, size, len(whole), got)
			}
		}
		if got := reasonOf(t, s, append(whole, "and more"...), want{}); got != "" {
			t.Errorf("%s with bytes behind it: %s", format, got)
		}
	}
	png := makeImage(t, "png")
	png[len(png)-30] ^= 1
	if got := reasonOf(t, s, png, want{}); got != `is damaged: an image (png) that cannot be read (the checksum of its part "IDAT" is wrong)` {
		t.Error(got)
	}
	for told, reason := range map[uint32]string{
		4 + 8: "", 500: "is cut off: an image (webp) of 20 bytes that tells of 508",
	} {
		webp := append(binary.LittleEndian.AppendUint32([]byte("RIFF"), told), "WEBPVP8 \x00\x00\x00\x00"...)
		if got := reasonOf(t, s, webp, want{}); got != reason {
			t.Error(got)
		}
	}
}

func TestDamagedArchives(t *testing.T) {
	t.Parallel()
	s := newStore(t, Options{})
	stored := zipOf(t, func(w *zip.Writer) {
		part, _ := w.CreateHeader(&zip.FileHeader{Name: "a.txt", Method: zip.Store})
		_, _ = part.Write([]byte("stock 24K0173"))
	})
	bent := bytes.Replace(stored, []byte("24K0173"), []byte("24K0174"), 1)
	if got := reasonOf(t, s, bent, want{}); got != `is damaged: a ZIP archive in which "a.txt" cannot be read (zip: checksum error)` {
		t.Error(got)
	}
	book := makeWorkbook(t)
	book[bytes.Index(book, []byte("xl/worksheets"))+len("xl/worksheets/sheet1.xml")+9] ^= 0x40
	if got := reasonOf(t, s, book, want{Type: "xlsx"}); !strings.HasPrefix(got, `is damaged: an Excel workbook in which "xl/worksheets/sheet1.xml" cannot be read (`) {
		t.Error(got)
	}
	locked := setFlag(stored)
	if got := reasonOf(t, s, locked, want{Type: "zip"}); got != "" {
		t.Error(got)
	}
	lockedBook := setFlag(makeWorkbook(t))
	if got := reasonOf(t, s, lockedBook, want{Contains: []string{"a"}}); got != `is an Excel workbook that needs a password: its text cannot be searched for "a"; prove it without contains, by min_size or matches` {
		t.Error(got)
	}
	if got := reasonOf(t, s, makeZIP(t, "xl/workbook.xml", "<x/>", "xl/sharedStrings.xml", "<t>a</t"), want{}); !strings.HasPrefix(got,
		`is damaged: an Excel workbook in which "xl/sharedStrings.xml" cannot be read (XML syntax error`) {
		t.Error(got)
	}
}

func zipOf(t testing.TB, fill func(*zip.Writer)) []byte {
	t.Helper()
	var b bytes.Buffer
	w := zip.NewWriter(&b)
	fill(w)
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

// setFlag marks the entries of an archive as encrypted.
func setFlag(data []byte) []byte {
	data = bytes.Clone(data)
	for _, at := range []struct {
		mark string
		flag int
	}{{"PK\x03\x04", 6}, {"PK\x01\x02", 8}} {
		for i := 0; ; {
			next := bytes.Index(data[i:], []byte(at.mark))
			if next < 0 {
				break
			}
			i += next + len(at.mark)
			data[i-4+at.flag] |= 1
		}
	}
	return data
}

// addZeroes adds an entry that unpacks to a text and so many MiB of zeroes,
// without the time that packing them would take. Its checksum is wrong, which
// is to come out only at its end.
func addZeroes(t testing.TB, w *zip.Writer, name, before string, mib int) {
	t.Helper()
	var b bytes.Buffer
	packer, err := flate.NewWriter(&b, flate.BestCompression)
	if err != nil {
		t.Fatal(err)
	}
	write := func(data []byte) (packed []byte) {
		b.Reset()
		_, err := packer.Write(data)
		if err == nil {
			err = packer.Flush()
		}
		if err != nil {
			t.Fatal(err)
		}
		return bytes.Clone(b.Bytes())
	}
	start := write([]byte(before))
	start = append(start, write(make([]byte, 1<<20))...)
	// From the second MiB on, each is packed as the one before it.
	again := write(make([]byte, 1<<20))
	b.Reset()
	if err := packer.Close(); err != nil {
		t.Fatal(err)
	}
	data := bytes.Join([][]byte{start, bytes.Repeat(again, mib-1), b.Bytes()}, nil)
	part, err := w.CreateRaw(&zip.FileHeader{
		Name: name, Method: zip.Deflate, CompressedSize64: uint64(len(data)), UncompressedSize64: uint64(len(before) + mib<<20),
	})
	if err == nil {
		_, err = part.Write(data)
	}
	if err != nil {
		t.Fatal(err)
	}
}

// overlapping is an archive whose entries all are the same packed bytes: it
// unpacks to more than its size allows any one entry.
func overlapping(t *testing.T, entries int) []byte {
	t.Helper()
	one := zipOf(t, func(w *zip.Writer) {
		addZeroes(t, w, "a", "", 8)
	})
	start, end := bytes.LastIndex(one, []byte("PK\x01\x02")), bytes.LastIndex(one, []byte("PK\x05\x06"))
	entry, tail := one[start:end], bytes.Clone(one[end:])
	binary.LittleEndian.PutUint16(tail[8:], uint16(entries))
	binary.LittleEndian.PutUint16(tail[10:], uint16(entries))
	binary.LittleEndian.PutUint32(tail[12:], uint32(entries*len(entry)))
	return bytes.Join([][]byte{one[:start], bytes.Repeat(entry, entries), tail}, nil)
}

// Hostile files are refused in bounded memory and time.
func TestHostileFiles(t *testing.T) {
	s := newStore(t, Options{})
	bomb := zipOf(t, func(w *zip.Writer) {
		addZeroes(t, w, "a.txt", "", 400)
	})
	book := func(fill func(*zip.Writer)) []byte {
		return zipOf(t, func(w *zip.Writer) {
			part, _ := w.Create("xl/workbook.xml")
			_, _ = io.WriteString(part, "<workbook/>")
			fill(w)
		})
	}
	strung := func(text string) []byte {
		return book(func(w *zip.Writer) {
			part, _ := w.Create("xl/sharedStrings.xml")
			_, _ = io.WriteString(part, text)
		})
	}
	deep := []string{"<< /Type /Catalog /Pages 2 0 R >>"}
	for i := 2; i < 20_000; i++ {
		deep = append(deep, fmt.Sprintf("<< /Type /Pages /Kids [%d 0 R] /Count 1 >>", i+1))
	}
	for name, test := range map[string]struct {
		data   []byte
		reason string
	}{
		"zip bomb":         {bomb, "is a ZIP archive that is not unpacked: it unpacks to over 200 times its size"},
		"overlapping bomb": {overlapping(t, 2000), "is a ZIP archive that is not unpacked: it unpacks to over 200 times its size"},
		"packed string": {
			book(func(w *zip.Writer) { addZeroes(t, w, "xl/sharedStrings.xml", "<sst><si><t>", 200) }),
			"is an Excel workbook that is not unpacked: it unpacks to over 200 times its size",
		},
		"long string": {strung("<sst><si><t>" + strings.Repeat("a", 4<<20) + "</t></si></sst>"), ""},
		"many attributes": {
			strung("<sst" + strings.Repeat(` a=""`, 1<<20)),
			`is damaged: an Excel workbook in which "xl/sharedStrings.xml" cannot be read (a piece of its XML is of over 1024 KiB)`,
		},
		"many strings": {strung("<sst>" + strings.Repeat("<si><t>0123456789</t></si>", 1<<20) + "</sst>"), ""},
		"many entries": {manyEntries(500_000), "that does not open (its directory is of over 16 MiB)"},
		"a million pages that are not": {buildPDF([]string{
			"<< /Type /Catalog /Pages 2 0 R >>", "<< /Type /Pages /Kids [] /Count 1000000 >>",
		}), "?"},
		"pages in a circle":   {buildPDF([]string{"<< /Type /Catalog /Pages 2 0 R >>", "<< /Type /Pages /Kids [2 0 R 2 0 R] /Count 2 >>"}), "?"},
		"pages nested deep":   {buildPDF(deep), "?"},
		"arrays nested deep":  {buildPDF([]string{"<< /Type /Catalog /Pages " + strings.Repeat("[", 500_000)}), "?"},
		"an image of no size": {append([]byte("GIF89a\xff\xff\xff\xff\x00\x00\x00"), ';'), ""},
	} {
		t.Run(name, func(t *testing.T) {
			var before, after runtime.MemStats
			runtime.ReadMemStats(&before)
			began := time.Now()
			got := reasonOf(t, s, test.data, want{})
			runtime.ReadMemStats(&after)
			if test.reason == "?" && got == "" || test.reason != "?" && (!strings.HasSuffix(got, test.reason) || test.reason == "" && got != "") {
				t.Errorf("got %q, want %q", got, test.reason)
			}
			t.Logf("%d bytes: %v, %d MiB: %s", len(test.data), time.Since(began), (after.TotalAlloc-before.TotalAlloc)>>20, got)
			if took, alloc := time.Since(began), (after.TotalAlloc-before.TotalAlloc)>>20; took > time.Minute || alloc > 1000 {
				t.Errorf("it took %v and %d MiB", took, alloc)
			}
		})
	}
}

// manyEntries is an archive of n empty files that have no bodies.
func manyEntries(n int) []byte {
	var b bytes.Buffer
	b.WriteString("PK\x03\x04" + strings.Repeat("\x00", 26))
	entry := make([]byte, 46)
	copy(entry, "PK\x01\x02")
	binary.LittleEndian.PutUint32(entry[16:], crc32.ChecksumIEEE(nil))
	start := b.Len()
	for range n {
		b.Write(entry)
	}
	size := b.Len() - start
	end := make([]byte, 22)
	copy(end, "PK\x05\x06")
	binary.LittleEndian.PutUint16(end[8:], uint16(n&0xffff))
	binary.LittleEndian.PutUint16(end[10:], uint16(n&0xffff))
	binary.LittleEndian.PutUint32(end[12:], uint32(size))
	binary.LittleEndian.PutUint32(end[16:], uint32(start))
	b.Write(end)
	return b.Bytes()
}
