package artifact

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"regexp"
	"strconv"
)

// A PDF ends with `startxref`, the place of its index, and `%%EOF`. Servers put
// bytes behind that, people add whole updates, and a PDF made for the web has
// such an end near its start too. So the last end counts, what stands behind it
// must be no more of a PDF, and the index must be where the end says. Where it
// is not, every reader makes an index of its own, which also hides a cut: then
// each object must have its end, and those that the index lists must be there.

const (
	// scanBytes are searched at a time, and seamBytes once more with the next, so
	// that nothing is missed between the two.
	scanBytes = 1 << 20
	seamBytes = 64
	// endBytes before %%EOF hold its startxref.
	endBytes = 1024
)

var (
	pdfLinearized = regexp.MustCompile(`(?s)/Linearized\b.{0,300}?/L\s+(\d{1,18})\b`)
	pdfStartXref  = regexp.MustCompile(`startxref[\s\x00]+(\d{1,18})\b`)
	pdfObject     = regexp.MustCompile(`(?:^|[\s\x00>])(\d{1,10})[\s\x00]+\d{1,5}[\s\x00]+obj\b|\bendobj\b`)
	// pdfMore is what no page of HTML and no padding has.
	pdfMore = regexp.MustCompile(`(?:^|[\s\x00])\d{1,10}[\s\x00]+\d{1,5}[\s\x00]+obj\b|\b(endobj|endstream)\b|` +
		`^[\s\x00]*[1-9]\d{0,9}([\s\x00]+(\d{1,5}([\s\x00]+(ob?)?)?)?)?$`)
	pdfIndex = regexp.MustCompile(`^[\s\x00]*(xref\b|\d{1,10}[\s\x00]+\d{1,5}[\s\x00]+obj\b)`)
	pdfTable = regexp.MustCompile(`(?:^|[\s\x00])xref[\s\x00]+(\d)`)
	pdfEntry = regexp.MustCompile(`^[\s\x00]*(\d+)[\s\x00]+(\d+)(?:[\s\x00]+([nf])\b)?`)
)

// pdfEnd is the last end of a PDF.
type pdfEnd struct {
	at    int64 // behind its %%EOF
	index int64 // where it says that the index is, or -1
}

// findPDFEnd looks for the end of a PDF, and for what tells that there was more.
func (f *subject) findPDFEnd(ctx context.Context) (pdfEnd, error) {
	mark := []byte("%%EOF")
	end := pdfEnd{at: -1, index: -1}
	for from := f.size; from > 0 && end.at < 0; {
		to := min(from+seamBytes, f.size)
		from = max(0, from-scanBytes)
		chunk, err := f.part(ctx, from, to)
		if err != nil {
			return end, err
		}
		if i := bytes.LastIndex(chunk, mark); i >= 0 {
			end.at = from + int64(i+len(mark))
		}
	}
	if end.at < 0 {
		return end, fail("whole", "is cut off: a PDF without its end (%%%%EOF)")
	}
	before, err := f.part(ctx, max(0, end.at-endBytes), end.at)
	if err != nil {
		return end, err
	}
	end.index = numberIn(pdfStartXref, string(before))
	if end.index >= end.at {
		return end, fail("whole", "is cut off: a PDF of %d bytes whose index is to be at %d", f.size, end.index)
	}
	more := false
	err = f.scan(ctx, end.at, f.size, func(chunk []byte, _ int64) bool {
		more = pdfMore.Match(chunk)
		return !more
	})
	if err == nil && more {
		return end, f.cutPDF("it goes on behind its last %%EOF and does not end again")
	}
	return end, err
}

// toldLength is the length that a PDF made for the web tells, or -1. By itself
// it proves nothing: programs that change such a PDF leave it as it was.
func (f *subject) toldLength() int64 {
	return numberIn(pdfLinearized, f.head[:min(len(f.head), endBytes)])
}

// cutPDF is the failure of a PDF that is cut off.
func (f *subject) cutPDF(why string) error {
	if told := f.toldLength(); told > f.size {
		return fail("whole", "is cut off: a PDF of %d bytes that tells of %d", f.size, told)
	}
	return fail("whole", "is cut off: a PDF of %d bytes, and %s", f.size, why)
}

// indexStands tells whether something like an index is where the end says,
// counted from the start of the file or of the PDF in it.
func (f *subject) indexStands(ctx context.Context, end pdfEnd) (bool, error) {
	head, err := f.part(ctx, 0, min(endBytes, f.size))
	if err != nil {
		return false, err
	}
	header := max(0, int64(bytes.Index(head, []byte("%PDF-"))))
	for _, at := range []int64{end.index, end.index + header} {
		if at < 0 || at >= end.at {
			continue
		}
		start, err := f.part(ctx, at, min(at+seamBytes, end.at))
		if err != nil || pdfIndex.Match(start) {
			return err == nil, err
		}
	}
	return false, nil
}

// checkObjects fails when a part of a PDF is missing whose index is not where
// its end says.
func (f *subject) checkObjects(ctx context.Context, end pdfEnd) error {
	seen, open, torn := map[int]bool{}, -1, -1
	err := f.scan(ctx, 0, end.at, func(chunk []byte, fresh int64) bool {
		for _, m := range pdfObject.FindAllSubmatchIndex(chunk, -1) {
			if int64(m[1]) <= fresh {
				continue // the end of the chunk before it
			}
			if m[2] < 0 {
				open = -1
				continue
			}
			if open >= 0 && torn < 0 {
				torn = open
			}
			open, _ = strconv.Atoi(string(chunk[m[2]:m[3]]))
			seen[open] = true
		}
		return true
	})
	if err != nil {
		return err
	}
	if open >= 0 && torn < 0 {
		torn = open
	}
	if torn >= 0 {
		return f.cutPDF(fmt.Sprintf("its part %d has no end", torn))
	}
	listed, err := f.listedObjects(ctx, end)
	if err != nil {
		return err
	}
	for _, n := range listed {
		if !seen[n] {
			return f.cutPDF(fmt.Sprintf("its part %d is missing", n))
		}
	}
	return nil
}

// listedObjects reads the numbers in the tables that list objects, of those near
// the end of the file.
func (f *subject) listedObjects(ctx context.Context, end pdfEnd) ([]int, error) {
	tail, err := f.part(ctx, max(0, end.at-2*scanBytes), end.at)
	if err != nil {
		return nil, err
	}
	var listed []int
	for _, table := range pdfTable.FindAllSubmatchIndex(tail, -1) {
		rest, next := tail[table[2]:], 0
		for m := pdfEntry.FindSubmatch(rest); m != nil; m = pdfEntry.FindSubmatch(rest) {
			first, _ := strconv.Atoi(string(m[1]))
			switch {
			case len(m[3]) == 0:
				next = first - 1 // a section: it tells the number of its first object
			case m[3][0] == 'n' && first > 0:
				listed = append(listed, next)
			}
			next++
			rest = rest[len(m[0]):]
		}
	}
	return listed, nil
}

// scan goes through a part of the file. Of each chunk the first fresh bytes have
// been in the one before.
func (f *subject) scan(ctx context.Context, from, to int64, see func(chunk []byte, fresh int64) (on bool)) error {
	for at := from; at < to; at += scanBytes {
		start := max(from, at-seamBytes)
		chunk, err := f.part(ctx, start, min(at+scanBytes, to))
		if err != nil {
			return err
		}
		if !see(chunk, at-start) {
			return nil
		}
	}
	return nil
}

// part reads a part of the file.
func (f *subject) part(ctx context.Context, from, to int64) ([]byte, error) {
	if err := context.Cause(ctx); err != nil {
		return nil, err
	}
	data := make([]byte, to-from)
	if _, err := f.file.ReadAt(data, from); err != nil && !errors.Is(err, io.EOF) {
		return nil, fmt.Errorf("reading the file: %w", err)
	}
	return data, nil
}

// numberIn is the last number that a pattern finds, or -1.
func numberIn(pattern *regexp.Regexp, text string) int64 {
	all := pattern.FindAllStringSubmatch(text, -1)
	if len(all) == 0 {
		return -1
	}
	n, err := strconv.ParseInt(all[len(all)-1][1], 10, 64)
	if err != nil {
		return -1
	}
	return n
}
