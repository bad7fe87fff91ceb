package file

import (
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"regexp"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

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

// namedDelimiter is the line by which spreadsheets are told the delimiter.
var namedDelimiter = regexp.MustCompile(`^(?i:\s*"?sep=("?)([^"\n]|\t)"?"?)([^\n]*)(?:\n|$)`)

// delimiterLine finds a line that names the delimiter, and how long it is.
func delimiterLine(sample []byte) (delimiter rune, length int) {
	found := namedDelimiter.FindSubmatch(sample)
	if found == nil {
		return 0, 0
	}
	delimiter, _ = utf8.DecodeRune(found[2])
	if strings.Trim(string(found[3]), string(delimiter)+`" `) != "" {
		return 0, 0 // a header that begins so
	}
	return delimiter, len(found[0])
}

// delimiters are what detectDelimiter knows, the most usual first.
var delimiters = [...]rune{',', ';', '\t', '|'}

// maxDetectRecords are enough to tell one delimiter from another.
const maxDetectRecords = 50

// detectDelimiter takes the delimiter that cuts most rows of the sample into
// equally many fields, and of those the one with most fields. A table of one
// column has none, so a comma does no harm. width is the number of columns if it
// is known, else 0. The one that makes a header with the wanted columns goes
// before all.
func detectDelimiter(sample string, truncated bool, width int, wanted []string) rune {
	for _, delimiter := range delimiters {
		if len(wanted) > 1 && slices.ContainsFunc(sampleRecords(sample, truncated, delimiter), func(rec []string) bool { return hasColumns(rec, wanted) }) {
			return delimiter
		}
	}
	best, bestFit, bestFields := delimiters[0], 0.0, 0
	for _, delimiter := range delimiters {
		fit, fields := fitDelimiter(sample, truncated, width, delimiter)
		if fields > 1 && (fit > bestFit || fit == bestFit && fields > bestFields) {
			best, bestFit, bestFields = delimiter, fit, fields
		}
	}
	return best
}

// fitDelimiter returns the share of rows that have as many fields as the header,
// and how many those are. The header is the first row, or, where there is more
// above the table, the first with as many fields as most.
func fitDelimiter(sample string, truncated bool, width int, delimiter rune) (fit float64, fields int) {
	var counts []int
	for _, rec := range sampleRecords(sample, truncated, delimiter) {
		counts = append(counts, len(rec))
	}
	if len(counts) == 0 {
		return 0, 0
	}
	share := func(width int) float64 {
		same := 0
		for _, count := range counts {
			if count == width {
				same++
			}
		}
		return float64(same) / float64(len(counts))
	}
	if width != 0 {
		return share(width), width
	}
	width, fit = counts[0], share(counts[0])
	for _, count := range counts {
		if more := share(count); more > fit && (more >= 0.5 || width == 1) {
			width, fit = count, more
		}
	}
	return fit, width
}

// sampleRecords gives a sample's first records.
func sampleRecords(sample string, truncated bool, delimiter rune) [][]string {
	reader := newReader(strings.NewReader(sample), delimiter)
	var all [][]string
	for len(all) < maxDetectRecords {
		record, err := reader.Read()
		if errors.Is(err, io.EOF) {
			if truncated && len(all) > 1 {
				all = all[:len(all)-1] // the sample may end inside it
			}
			break
		}
		if err != nil {
			return nil
		}
		if !isBlank(strings.Join(record, "")) {
			all = append(all, record)
		}
	}
	return all
}

// newReader reads as leniently as can be: the rows are checked here.
func newReader(r io.Reader, delimiter rune) *csv.Reader {
	reader := csv.NewReader(r)
	reader.Comma = delimiter
	reader.FieldsPerRecord = -1
	reader.LazyQuotes = true
	return reader
}
