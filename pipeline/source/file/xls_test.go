package file

import (
	"bytes"
	"encoding/binary"
	"math"
	"slices"
	"testing"
	"unicode/utf16"

	"pipe/pipeline"
)

// biff makes a record of a workbook of Excel 97.
func biff(kind uint16, parts ...any) []byte {
	var data bytes.Buffer
	for _, part := range parts {
		if text, is := part.(string); is {
			_ = binary.Write(&data, binary.LittleEndian, uint16(len(text)))
			data.WriteByte(1)
			_ = binary.Write(&data, binary.LittleEndian, utf16.Encode([]rune(text)))
			continue
		}
		_ = binary.Write(&data, binary.LittleEndian, part)
	}
	head := binary.LittleEndian.AppendUint16(nil, kind)
	return append(binary.LittleEndian.AppendUint16(head, uint16(data.Len())), data.Bytes()...)
}

type u16 = uint16

// xlsFile makes a workbook with one sheet of these records.
func xlsFile(cells ...[]byte) string {
	globals := func(at uint32) []byte {
		return slices.Concat(
			biff(biffBOF, u16(0x600), u16(5)), biff(biffFormat, u16(164), "000000"),
			biff(biffXF, u16(0), u16(0)), biff(biffXF, u16(0), u16(164)), biff(biffXF, u16(0), u16(2)),
			biff(biffBoundSheet, at, u16(0), uint8(4), uint8(0), []byte("List")),
			// The third text goes on in the next record, in wide characters.
			biff(biffSST, uint32(3), uint32(3), "a", "b", u16(4), uint8(0), []byte("ca")), biff(biffContinue, uint8(1), utf16.Encode([]rune("fé"))),
			biff(biffEOF))
	}
	stream := slices.Concat(globals(uint32(len(globals(0)))), biff(biffBOF, u16(0x600), u16(16)), slices.Concat(cells...), biff(biffEOF))
	return string(oleFile("Workbook", stream))
}

// oleFile makes a container with one stream.
func oleFile(name string, stream []byte) []byte {
	const sector, end = 512, 0xfffffffe
	stream = append(stream, make([]byte, max(4096-len(stream), 0))...)
	size := len(stream)
	stream = append(stream, make([]byte, (sector-size%sector)%sector)...)
	count := len(stream) / sector
	head := make([]byte, sector)
	copy(head, "\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1")
	put := func(in []byte, at int, v uint32) { binary.LittleEndian.PutUint32(in[at:], v) }
	put(head, 24, 0x0003_003e)
	put(head, 28, 0x0009_fffe)
	put(head, 32, 6)
	put(head, 44, 1)
	put(head, 48, 1)
	put(head, 56, 4096)
	put(head, 60, end)
	put(head, 68, end)
	for i := range 109 {
		put(head, 76+4*i, 0xffffffff)
	}
	put(head, 76, 0)
	fat := bytes.Repeat([]byte{0xff}, sector)
	put(fat, 0, 0xfffffffd)
	put(fat, 4, end)
	for i := range count {
		put(fat, 8+4*i, uint32(i+3))
	}
	put(fat, 8+4*(count-1), end)
	directory := make([]byte, sector)
	entry := func(i int, name string, kind byte, child, start uint32, size int) {
		e := directory[128*i:]
		for j, unit := range utf16.Encode([]rune(name)) {
			binary.LittleEndian.PutUint16(e[2*j:], unit)
		}
		binary.LittleEndian.PutUint16(e[64:], uint16(2*len(name)+2))
		e[66], e[67] = kind, 1
		put(e, 68, 0xffffffff)
		put(e, 72, 0xffffffff)
		put(e, 76, child)
		put(e, 116, start)
		put(e, 120, uint32(size))
	}
	entry(0, "Root Entry", 5, 1, end, 0)
	entry(1, name, 2, 0xffffffff, 2, size)
	return slices.Concat(head, fat, directory, stream)
}

func TestXLS(t *testing.T) {
	t.Parallel()
	text := func(row, column u16, n uint32) []byte { return biff(biffLabelSST, row, column, u16(0), n) }
	head := slices.Concat(text(0, 0, 0), text(0, 1, 1), biff(biffLabel, u16(0), u16(2), u16(0), "c"))
	number := func(row, column, format u16, v float64) []byte { return biff(biffNumber, row, column, format, v) }
	row := slices.Concat(number(1, 0, 1, 7101), biff(biffRK, u16(1), u16(1), u16(2), uint32(1250<<2|3)), text(1, 2, 2))
	table := pipeline.Table{Format: "xlsx"}
	whole := xlsFile(head, row)
	checkSituations(t, map[string]situation{
		"a sheet":                     {text: whole, table: table, want: []string{"007101/12.50/café"}, found: "a workbook (.xls), sheet \"List\""},
		"called CSV":                  {text: whole, table: pipeline.Table{Format: "csv"}, want: []string{"007101/12.50/café"}},
		"several numbers":             {text: xlsFile(head, biff(biffMulRK, u16(1), u16(0), u16(0), uint32(1<<2|2), u16(0), uint32(2<<2|2), u16(1))), table: table, want: []string{"1/2/"}},
		"a formula's text":            {text: xlsFile(head, number(1, 0, 0, 1), biff(biffFormula, u16(1), u16(1), u16(0), uint16(0), uint32(0), u16(0xffff), u16(0), uint32(0)), biff(biffString, "x")), table: table, want: []string{"1/x/"}},
		"a formula without its value": {text: xlsFile(head, number(1, 0, 0, 1), biff(biffFormula, u16(1), u16(1), u16(0), float64(0), u16(3), uint32(0)), number(2, 0, 0, 2)), table: table, want: []string{"2//"}, errs: []string{"line 2: has a formula without its value in B2"}},
		"long digits":                 {text: xlsFile(head, number(1, 0, 0, 1234567890123456)), table: table, want: []string{"1234567890123456//"}},
		"digits that are lost":        {text: xlsFile(head, number(1, 0, 0, math.Pow(10, 17)+12345)), table: table, errs: []string{"more than 15 digits in A2"}},
		"merged downwards":            {text: xlsFile(head, number(1, 0, 0, 1), number(1, 1, 0, 7), number(2, 0, 0, 2), biff(biffMergedCells, u16(1), u16(1), u16(2), u16(1), u16(1))), table: table, want: []string{"1/7/", "2/7/"}},
		"a text that is not there":    {text: xlsFile(head, text(1, 0, 9)), table: table, errs: []string{"has a text in A2 that is not in the file"}},
		"a password":                  {text: string(oleFile("Workbook", slices.Concat(biff(biffBOF, u16(0x600), u16(5)), biff(biffFilePass, u16(1))))), table: table, errs: []string{"protected by a password"}},
		"Excel 95":                    {text: string(oleFile("Book", nil)), table: table, errs: []string{"of Excel 95 or before"}},
		"a letter":                    {text: string(oleFile("WordDocument", nil)), table: table, errs: []string{"a Word document, not a table"}},
		"cut off":                     {text: whole[:len(whole)-2000], table: table, errs: []string{"is the file whole?"}},
	})
}
