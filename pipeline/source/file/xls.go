package file

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"slices"

	"github.com/richardlehane/mscfb"
)

// xlsBook is a workbook of Excel 97 to 2003. There is no library for it that is
// kept up, so its records are read here; the container around them is not.
type xlsBook struct {
	stream []byte
	order  []string
	begin  map[string]int
	// strings are those that cells share, formats those of cells, and codes the
	// formats of the workbook's own.
	strings []string
	formats []int
	codes   map[int]string
	// from1904 is true where days count from 1904.
	from1904 bool
	show     numberFormats
}

// openXLS opens what is in the container that Office used before 2007, and uses
// still for workbooks with a password.
func openXLS(text []byte) (workbook, error) {
	stream, err := xlsStream(text)
	if err != nil {
		return nil, err
	}
	b := &xlsBook{stream: stream, begin: map[string]int{}, codes: map[int]string{}}
	if err := b.globals(); err != nil {
		return nil, fmt.Errorf("reading the workbook: %w", err)
	}
	return b, nil
}

// xlsStream takes the workbook out of its container.
func xlsStream(text []byte) (stream []byte, err error) {
	defer func() {
		if broken := recover(); broken != nil { // the library trusts its input
			stream, err = nil, errors.New("the workbook is damaged: is the file whole?")
		}
	}()
	container, err := mscfb.New(bytes.NewReader(text))
	if err != nil {
		return nil, errors.New("the workbook is damaged: is the file whole?")
	}
	var names []string
	for _, entry := range container.File {
		switch entry.Name {
		case "Workbook":
			if entry.Size > int64(len(text)) {
				return nil, errors.New("the workbook is cut off: is the file whole?")
			}
			stream, err := io.ReadAll(io.LimitReader(entry, int64(len(text))))
			if err != nil || int64(len(stream)) < entry.Size {
				return nil, errors.New("the workbook is cut off: is the file whole?")
			}
			return stream, nil
		case "EncryptedPackage", "EncryptionInfo":
			return nil, errLocked
		case "Book":
			return nil, errors.New("the file is a workbook of Excel 95 or before, which is not read: have the site export .xlsx or CSV")
		}
		names = append(names, entry.Name)
	}
	if slices.Contains(names, "WordDocument") {
		return nil, errors.New("the file is a Word document, not a table")
	}
	return nil, errors.New("the file is an Office document without a workbook in it")
}

var errLocked = errors.New("the workbook is protected by a password: have the site export it without one")

func (b *xlsBook) kind() string     { return "a workbook (.xls)" }
func (b *xlsBook) part() string     { return "sheet" }
func (b *xlsBook) sheets() []string { return b.order }

func (b *xlsBook) open(sheet string) (records, func(), error) {
	rows, err := b.rows(b.begin[sheet])
	if err != nil {
		return nil, nil, fmt.Errorf("reading the workbook: sheet %q: %w", sheet, err)
	}
	return &grid{rows: rows}, func() {}, nil
}

// globals reads what goes for all sheets.
func (b *xlsBook) globals() error {
	records := &biffReader{stream: b.stream}
	for first := true; ; first = false {
		kind, data, err := records.next()
		if err != nil {
			return err
		}
		if first && (kind != biffBOF || data.u16(0) != 0x0600) {
			return errors.New("it is of a version of Excel that is not read: have the site export .xlsx or CSV")
		}
		switch kind {
		case biffFilePass:
			return errLocked
		case biffDateMode:
			b.from1904 = data.u16(0) == 1
		case biffFormat:
			code, _ := data.from(2).text(2)
			b.codes[data.u16(0)] = code
		case biffXF:
			b.formats = append(b.formats, data.u16(2))
		case biffBoundSheet:
			if len(data) > 5 && data[5] == 0 { // no chart or macros
				name, _ := data.from(6).text(1)
				b.order, b.begin[name] = append(b.order, name), data.u32(0)
			}
		case biffSST:
			b.strings = sharedStrings(data, records.continued())
		case biffEOF:
			return nil
		}
	}
}

// sharedStrings reads the texts that cells share. They go on from record to
// record, also within a text.
func sharedStrings(first biffData, more []biffData) []string {
	s := &biffStrings{parts: append([]biffData{first.from(8)}, more...)}
	count := first.u32(4)
	all := make([]string, 0, min(count, len(first)))
	for range count {
		text, ok := s.next()
		if !ok {
			break // what a cell wants of the missing is told there
		}
		all = append(all, text)
	}
	return all
}
