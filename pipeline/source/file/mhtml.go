package file

import (
	"bytes"
	"encoding/base64"
	"errors"
	"fmt"
	"io"
	"mime"
	"mime/multipart"
	"mime/quotedprintable"
	"net/mail"
	"strings"
)

// openMHTML reads the tables of a web archive: pages in the parts of a message.
func openMHTML(text []byte) (workbook, error) {
	message, err := mail.ReadMessage(bytes.NewReader(text))
	if err != nil {
		return nil, fmt.Errorf("reading the web archive: %w", err)
	}
	_, params, err := mime.ParseMediaType(message.Header.Get("Content-Type"))
	if err != nil {
		return nil, fmt.Errorf("reading the web archive: %w", err)
	}
	book := &pageBook{}
	for parts := multipart.NewReader(message.Body, params["boundary"]); ; {
		part, err := parts.NextRawPart()
		if errors.Is(err, io.EOF) {
			return book.usable(nil)
		}
		if err != nil {
			return nil, fmt.Errorf("reading the web archive: %w: is the file whole?", err)
		}
		kind := part.Header.Get("Content-Type")
		if !strings.HasPrefix(strings.ToLower(kind), "text/html") {
			continue
		}
		page, err := io.ReadAll(io.LimitReader(decodedPart(part), maxPage+1))
		if err == nil {
			err = book.read(page, kind)
		}
		if err != nil {
			return nil, fmt.Errorf("reading the web archive: %w: is the file whole?", err)
		}
	}
}

func decodedPart(part *multipart.Part) io.Reader {
	switch strings.ToLower(part.Header.Get("Content-Transfer-Encoding")) {
	case "quoted-printable":
		return quotedprintable.NewReader(part)
	case "base64":
		return base64.NewDecoder(base64.StdEncoding, part)
	default:
		return part
	}
}
