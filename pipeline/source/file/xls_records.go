package file

import (
	"encoding/binary"
	"errors"
	"unicode/utf16"
)

// The records of a workbook that are read.
const (
	biffFormula     = 0x0006
	biffEOF         = 0x000a
	biffDateMode    = 0x0022
	biffFilePass    = 0x002f
	biffContinue    = 0x003c
	biffBoundSheet  = 0x0085
	biffMulRK       = 0x00bd
	biffRString     = 0x00d6
	biffXF          = 0x00e0
	biffMergedCells = 0x00e5
	biffSST         = 0x00fc
	biffLabelSST    = 0x00fd
	biffNumber      = 0x0203
	biffLabel       = 0x0204
	biffBoolErr     = 0x0205
	biffString      = 0x0207
	biffRK          = 0x027e
	biffFormat      = 0x041e
	biffBOF         = 0x0809
)

// biffReader goes from record to record.
type biffReader struct {
	stream []byte
	at     int
}

func (r *biffReader) next() (kind int, data biffData, err error) {
	if r.at < 0 || r.at+4 > len(r.stream) {
		return 0, nil, errors.New("the workbook is cut off: is the file whole?")
	}
	head := biffData(r.stream[r.at:])
	size := head.u16(2)
	if r.at+4+size > len(r.stream) {
		return 0, nil, errors.New("the workbook is cut off: is the file whole?")
	}
	data = head[4 : 4+size]
	r.at += 4 + size
	return head.u16(0), data, nil
}

// continued gives the records that go on with the one before them.
func (r *biffReader) continued() (more []biffData) {
	for {
		before := r.at
		kind, data, err := r.next()
		if err != nil || kind != biffContinue {
			r.at = before
			return more
		}
		more = append(more, data)
	}
}

// biffData is what is in a record. What is not there is zero.
type biffData []byte

func (d biffData) from(at int) biffData {
	if at > len(d) {
		return nil
	}
	return d[at:]
}

func (d biffData) u16(at int) int {
	if at+2 > len(d) {
		return 0
	}
	return int(binary.LittleEndian.Uint16(d[at:]))
}

func (d biffData) u32(at int) int {
	if at+4 > len(d) {
		return 0
	}
	return int(binary.LittleEndian.Uint32(d[at:]))
}

func (d biffData) u64(at int) uint64 {
	if at+8 > len(d) {
		return 0
	}
	return binary.LittleEndian.Uint64(d[at:])
}

// text reads a text whose length is so many bytes.
func (d biffData) text(lengthBytes int) (string, bool) {
	s := &biffStrings{parts: []biffData{d}}
	if lengthBytes == 1 {
		if len(d) == 0 {
			return "", false
		}
		s.parts[0] = d[1:]
		return s.read(int(d[0]))
	}
	return s.next()
}

// biffStrings reads texts that may go on in the next record.
type biffStrings struct{ parts []biffData }

// take gives some bytes, of one record or of several.
func (s *biffStrings) take(n int) (biffData, bool) {
	var out biffData
	for len(out) < n {
		if len(s.parts) == 0 {
			return nil, false
		}
		some := s.parts[0][:min(n-len(out), len(s.parts[0]))]
		out = append(out, some...)
		if s.parts[0] = s.parts[0][len(some):]; len(s.parts[0]) == 0 {
			s.parts = s.parts[1:]
		}
	}
	return out, true
}

func (s *biffStrings) next() (string, bool) {
	length, ok := s.take(2)
	if !ok {
		return "", false
	}
	return s.read(length.u16(0))
}

// read reads a text of so many characters, and passes by its fonts.
func (s *biffStrings) read(length int) (string, bool) {
	flags, ok := s.take(1)
	if !ok {
		return "", length == 0
	}
	wide, runs, extra := flags[0]&1 != 0, 0, 0
	if flags[0]&8 != 0 {
		n, _ := s.take(2)
		runs = n.u16(0)
	}
	if flags[0]&4 != 0 {
		n, _ := s.take(4)
		extra = n.u32(0)
	}
	units := make([]uint16, 0, length)
	for len(units) < length {
		if len(s.parts) == 0 {
			return "", false
		}
		part := &s.parts[0]
		size := 1
		if wide {
			size = 2
		}
		for len(units) < length && len(*part) >= size {
			unit := uint16((*part)[0])
			if wide {
				unit |= uint16((*part)[1]) << 8
			}
			units, *part = append(units, unit), (*part)[size:]
		}
		if len(units) == length {
			break
		}
		// The next record says anew how wide its characters are.
		if s.parts = s.parts[1:]; len(s.parts) == 0 || len(s.parts[0]) == 0 {
			return "", false
		}
		wide, s.parts[0] = s.parts[0][0]&1 != 0, s.parts[0][1:]
	}
	if len(s.parts) > 0 && len(s.parts[0]) == 0 {
		s.parts = s.parts[1:]
	}
	if n := runs*4 + extra; n > 0 {
		if _, ok := s.take(n); !ok {
			return "", false
		}
	}
	return string(utf16.Decode(units)), true
}
