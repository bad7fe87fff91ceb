package file

import (
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"strings"
	"unicode"

	"github.com/gabriel-vasile/mimetype"

	"pipe/pipeline"
)

// checkTable says so when a file is something else than a table. A site that
// has lost the session likes to send its login page under any name.
func checkTable(head []byte, sample string) error {
	if pipeline.BeginsHTML(sample) {
		page := "an HTML page"
		if title := pipeline.HTMLTitle([]byte(sample)); title != "" {
			page = fmt.Sprintf("an HTML page titled %.80q", title)
		}
		return fmt.Errorf("the file is %s, not a CSV file: is the site logged in, is the address right?", page)
	}
	mtype := mimetype.Detect(head)
	binary := strings.ContainsFunc(sample, func(r rune) bool {
		return unicode.IsControl(r) && !strings.ContainsRune("\t\n\v\f\r\x1a\x1b\u0085", r)
	})
	switch {
	// Text that some type's magic number starts by chance is a table still.
	case binary, mtype.Is("application/pdf"), mtype.Is("application/json"), mtype.Is("text/xml"):
		return fmt.Errorf("the file is %s, not a CSV file", mtype)
	}
	return nil
}

// delimiters are what detectDelimiter knows, the most usual first.
var delimiters = [...]rune{',', ';', '\t', '|'}

// maxDetectRecords are enough to tell one delimiter from another.
const maxDetectRecords = 50

// detectDelimiter takes the delimiter that cuts most rows of the sample into
// as many fields as the header, and of those the one with most fields. A table
// of one column has none, so a comma does no harm. width is the number of
// columns if it is known, else 0.
func detectDelimiter(sample string, truncated bool, width int) rune {
	best, bestFit, bestFields := delimiters[0], 0.0, 0
	for _, delimiter := range delimiters {
		fit, fields := fitDelimiter(sample, truncated, width, delimiter)
		if fields > 1 && (fit > bestFit || fit == bestFit && fields > bestFields) {
			best, bestFit, bestFields = delimiter, fit, fields
		}
	}
	return best
}

// fitDelimiter returns the share of rows that have as many fields as the
// header, and how many those are.
func fitDelimiter(sample string, truncated bool, width int, delimiter rune) (fit float64, fields int) {
	reader := newReader(strings.NewReader(sample), delimiter)
	var counts []int
	for len(counts) < maxDetectRecords {
		record, err := reader.Read()
		if errors.Is(err, io.EOF) {
			if truncated && len(counts) > 1 {
				counts = counts[:len(counts)-1] // the sample may end inside it
			}
			break
		}
		if err != nil {
			return 0, 0
		}
		if !isBlank(strings.Join(record, "")) {
			counts = append(counts, len(record))
		}
	}
	if len(counts) == 0 {
		return 0, 0
	}
	if width == 0 {
		width = counts[0]
	}
	same := 0
	for _, count := range counts {
		if count == width {
			same++
		}
	}
	return float64(same) / float64(len(counts)), width
}

// newReader reads as leniently as can be: the rows are checked here.
func newReader(r io.Reader, delimiter rune) *csv.Reader {
	reader := csv.NewReader(r)
	reader.Comma = delimiter
	reader.FieldsPerRecord = -1
	reader.LazyQuotes = true
	return reader
}
