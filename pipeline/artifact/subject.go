package artifact

import (
	"archive/zip"
	"fmt"
	"io"
	"time"

	"pipe/pipeline"
)

// readerAt is what the readers of all types need.
type readerAt interface {
	io.ReadSeeker
	io.ReaderAt
}

// subject is a file under proof, with what is known of it so far.
type subject struct {
	file readerAt
	size int64
	pdf  *pdfReader

	content
	archive *zip.Reader // nil unless it is one, and opens
	pages   int
	text    string
	hasText bool // the file's text could be read, even if there is none
	cut     bool // there is more text than was read
	unread  string
	scanned bool // it has pictures in place of text
	ends    bool // a page of HTML that is not cut off
	rows    bool // a table is expected: its last row must be as the others
	// limit bounds the reading of one file.
	limit time.Duration
}

func fail(check, format string, args ...any) error {
	return &pipeline.ProofError{Check: check, Reason: fmt.Sprintf(format, args...)}
}

func refuse(format string, args ...any) error { return fail("name", format, args...) }
