package artifact

import (
	"archive/tar"
	"bytes"
	"compress/gzip"
	"encoding/binary"
	"math/rand/v2"
	"strings"
	"testing"
)

// noise is what packing makes no shorter.
func noise(n int) []byte {
	random, data := rand.New(rand.NewPCG(1, 2)), make([]byte, n)
	for i := range data {
		data[i] = byte(random.Uint32())
	}
	return data
}

func makeGzip(t *testing.T) []byte {
	t.Helper()
	var b bytes.Buffer
	w := gzip.NewWriter(&b)
	_, err := w.Write(noise(5000))
	if err == nil {
		err = w.Close()
	}
	if err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func makeTar(t *testing.T) []byte {
	t.Helper()
	var b bytes.Buffer
	w := tar.NewWriter(&b)
	err := w.WriteHeader(&tar.Header{Name: "a", Size: 3000, Mode: 0o600, Format: tar.FormatUSTAR})
	if err == nil {
		_, err = w.Write(noise(3000))
	}
	if err == nil {
		err = w.Close()
	}
	if err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

// makeOLE is the frame of a document of older Office programs: eight sectors in
// use, of which the first lists them.
func makeOLE() []byte {
	head := make([]byte, 512)
	copy(head, "\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1")
	binary.LittleEndian.PutUint16(head[30:], 9)
	binary.LittleEndian.PutUint32(head[44:], 1)
	for i := range 109 {
		binary.LittleEndian.PutUint32(head[76+4*i:], 0xffffffff)
	}
	binary.LittleEndian.PutUint32(head[76:], 0)
	table := bytes.Repeat([]byte{0xff}, 512)
	for i := range 7 {
		binary.LittleEndian.PutUint32(table[4*i:], uint32(i+1))
	}
	binary.LittleEndian.PutUint32(table, 0xfffffffd)
	binary.LittleEndian.PutUint32(table[4*7:], 0xfffffffe)
	return append(append(head, table...), noise(7*512)...)
}

// makeTIFF has one picture in one strip, behind what describes it.
func makeTIFF(order binary.AppendByteOrder, mark string) []byte {
	b := order.AppendUint32([]byte(mark), 8)
	b = order.AppendUint16(b, 2)
	entry := func(tag uint16, value uint32) {
		b = order.AppendUint16(b, tag)
		b = order.AppendUint16(b, 4)
		b = order.AppendUint32(b, 1)
		b = order.AppendUint32(b, value)
	}
	entry(273, 38)
	entry(279, 400)
	b = order.AppendUint32(b, 0)
	return append(b, noise(400)...)
}

// A file of any kind that has an end is told when it has lost it.
func TestEnds(t *testing.T) {
	t.Parallel()
	s := newStore(t, Options{})
	table := "no;name;city\n" + strings.Repeat("4711;Müller;\"Bad \"\"Ems\"\"\"\n", 30)
	for name, test := range map[string]struct {
		whole string
		typ   string
		from  int // shorter ones are not told from another kind
	}{
		"JSON":             {`{"rows": [` + strings.Repeat(`{"no": 4711, "name": "a}]"}, `, 30) + `1]}` + "\n", "", 2},
		"a list of JSON":   {`[` + strings.Repeat(`{"no": 4711}, `, 30) + `{"no": 1}]`, "", 4},
		"JSON by its name": {`{"rows": [1, 2, 3]}`, "json", 10},
		"JSON in UTF-16":   {"\xff\xfe" + strings.ReplaceAll(`[`+strings.Repeat(`{"no": 4711}, `, 30)+`{"no": 1}]`, "", "\x00")[1:], "", 12},
		"XML":              {`<?xml version="1.0"?><!-- <a> --><list kind="a>b">` + strings.Repeat("<row no='1'/>", 30) + "</list>\n<!-- end -->", "", 60},
		"XML by its root":  {`<feed xmlns="x">` + strings.Repeat("<entry>1</entry>", 30) + "</feed>", "xml", 20},
		"an SVG":           {`<svg xmlns="http://www.w3.org/2000/svg">` + strings.Repeat("<g/>", 30) + "</svg>", "image", 50},
		"RTF":              {`{\rtf1\ansi ` + strings.Repeat(`{\b bold} text `, 30) + "}\r\n\x00", "", 20},
		"a calendar":       {"BEGIN:VCALENDAR\r\n" + strings.Repeat("BEGIN:VEVENT\r\nEND:VEVENT\r\n", 20) + "END:VCALENDAR\r\n", "", 20},
		"a mail":           {"MIME-Version: 1.0\r\nContent-Type: multipart/mixed;\r\n boundary=\"b1\"\r\n\r\n--b1\r\n\r\ntext\r\n--b1\r\n\r\n" + strings.Repeat("QUJD\r\n", 30) + "--b1--\r\n", "", 80},
		"a table":          {table, "csv", 60},
		"gzip":             {string(makeGzip(t)), "", 30},
		"tar":              {string(makeTar(t)), "", 600},
		"OLE":              {string(makeOLE()), "", 600},
		"TIFF":             {string(makeTIFF(binary.LittleEndian, "II*\x00")), "image", 20},
		"TIFF, big":        {string(makeTIFF(binary.BigEndian, "MM\x00*")), "image", 20},
		"a WAV":            {"RIFF\x10\x04\x00\x00WAVEfmt " + string(noise(1032)), "", 20},
		"7z":               {"7z\xbc\xaf\x27\x1c\x00\x04\x00\x00\x00\x00\xe8\x03\x00\x00\x00\x00\x00\x00\x20\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00" + string(noise(1032)), "", 33},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			if got := reasonOf(t, s, []byte(test.whole), want{Type: test.typ}); got != "" {
				t.Fatal(got)
			}
			step := max(1, len(test.whole)/60)
			for size := test.from; size < len(strings.TrimRight(test.whole, "\x00\r\n"))-14; size += step {
				got := reasonOf(t, s, []byte(test.whole[:size]), want{Type: test.typ})
				// A table that ends with a row, or in its last field, tells nothing.
				if name == "OLE" && size > len(test.whole)-512 {
					continue // some programs leave the rest of the last sector out
				}
				row := test.whole[strings.LastIndexByte(test.whole[:size], '\n')+1 : size]
				if test.typ == "csv" && (row == "" || strings.Count(row, ";") == 2 && strings.Count(row, `"`)%2 == 0) {
					continue
				}
				if !strings.HasPrefix(got, "is cut off: ") {
					t.Errorf("%d of %d bytes: %q", size, len(test.whole), got)
				}
			}
		})
	}
}

// A file of several cards is cut where the last of them has no end.
func TestCardsCut(t *testing.T) {
	t.Parallel()
	s := newStore(t, Options{})
	card := "BEGIN:VCARD\r\nVERSION:3.0\r\nFN:Ada\r\nEND:VCARD\r\n"
	for data, cut := range map[string]bool{
		strings.Repeat(card, 3):                              false,
		strings.Repeat(card, 3) + "BEGIN:VCARD\r\nFN:Bo":     true,
		strings.Repeat(card, 3) + "BEGIN:VCARD\r\nFN:Bo\r\n": true,
		strings.Repeat(card, 3) + "BEGIN:VC":                 true,
	} {
		if got := reasonOf(t, s, []byte(data), want{}); strings.HasPrefix(got, "is cut off: ") != cut {
			t.Errorf("%q: %q", data, got)
		}
	}
}

// A large document of older Office programs lists its tables in sectors of their
// own: one that is cut behind the first of them is told.
func TestLargeOLECut(t *testing.T) {
	t.Parallel()
	s := newStore(t, Options{})
	const sector, tables = 512, 111
	const sectors = tables*sector/4 - 10
	data := make([]byte, (sectors+1)*sector)
	put := binary.LittleEndian.PutUint32
	copy(data, makeOLE()[:sector])
	put(data[44:], tables)
	put(data[68:], tables) // the list's sector follows the tables
	put(data[72:], 1)
	for i := range 109 {
		put(data[76+4*i:], uint32(i))
	}
	list := data[(tables+1)*sector : (tables+2)*sector]
	copy(list, bytes.Repeat([]byte{0xff}, sector))
	put(list, 109)
	put(list[4:], 110)
	put(list[sector-4:], 0xfffffffe)
	for i := range tables * sector / 4 {
		next := uint32(i + 1)
		switch {
		case i < tables:
			next = 0xfffffffd
		case i == tables:
			next = 0xfffffffc
		case i == sectors-1:
			next = 0xfffffffe
		case i >= sectors:
			next = 0xffffffff
		}
		put(data[sector+4*i:], next)
	}
	for size, cut := range map[int]bool{len(data): false, len(data) - 600: true, len(data) - 100*sector: true, (tables + 1) * sector: true} {
		if got := reasonOf(t, s, data[:size], want{Type: "any"}); strings.HasPrefix(got, "is cut off: ") != cut {
			t.Errorf("%d of %d bytes: %q", size, len(data), got)
		}
	}
}

// A picture that ends in what describes it is told, not read beyond.
func TestTIFFWithoutItsDirectory(t *testing.T) {
	t.Parallel()
	s := newStore(t, Options{})
	whole := makeTIFF(binary.LittleEndian, "II*\x00")
	for size := 4; size < 40; size++ {
		if got := reasonOf(t, s, whole[:size], want{Type: "any"}); !strings.HasPrefix(got, "is cut off: ") {
			t.Errorf("%d bytes: %q", size, got)
		}
	}
}

// What only looks like a part is not refused.
func TestWholeAllTheSame(t *testing.T) {
	t.Parallel()
	s := newStore(t, Options{})
	for name, test := range map[string]struct{ data, typ string }{
		"lines of JSON":        {"{\"a\":1}\n{\"a\":2}\n", ""},
		"a log":                {"[2024-01-01] began\n[2024-01-02] ended {", ""},
		"wiki":                 {"[[page]] and {{template}", ""},
		"a feed with a slip":   {"<?xml version='1.0'?><a><b></a>", ""},
		"an empty element":     {"<?xml version='1.0'?><a/>", ""},
		"XML in UTF-16":        {"\xff\xfe<\x00?\x00x\x00m\x00l\x00?\x00>\x00<\x00a\x00/\x00>\x00", ""},
		"a doctype":            {"<?xml version='1.0'?><!DOCTYPE a [<!ENTITY b \"c\">]><a>&b;</a>", ""},
		"a table without end":  {"a,b\n1,2\n3,4", "csv"},
		"inches":               {"a;b\n5\" pipe;1\n6\" pipe;2\n", "csv"},
		"rows of any length":   {"Report\n\na;b;c\n1;2;3\nTotal;3", "csv"},
		"a table in UTF-16":    {"\xff\xfea\x00;\x00b\x00\n\x001\x00;\x002\x00\n\x003\x00;\x004\x00\n\x00", "csv"},
		"lines in fields":      {"a;b\n\"1\n2\";3\n\"4\";5\n", "csv"},
		"a last line with end": {"a;b\n1;2\n3;4\nend\n", "csv"},
		"a footer":             {"a,b,c\n1,2,3\n3,4,5\n(2 rows affected)", "csv"},
		"a total":              {"a,b,c\n1,2,3\n3,4,5\nTotal,8", "csv"},
		"any table":            {"a,b\n1,2\n3,4\n(2 rows)", "any"},
		"a letter":             {"To: all\nSubject: x\n\ntext", ""},
		"gzip, zeros behind":   {string(makeGzip(t)) + "\x00\x00\x00", ""},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			if got := reasonOf(t, s, []byte(test.data), want{Type: test.typ}); got != "" {
				t.Error(got)
			}
		})
	}
}
