package evidence

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
	"net/textproto"
	"strings"

	"golang.org/x/net/html/charset"

	"pipe/specs/secret"
)

// rewriteArchive writes an MHTML archive anew, without secrets, with those of its parts
// that are wanted by their types.
func rewriteArchive(archive string, hide *secret.Redactor, wants func(mediaType string) bool) ([]byte, error) {
	message, err := mail.ReadMessage(strings.NewReader(archive))
	if err != nil {
		return nil, fmt.Errorf("reading the page's copy: %w", err)
	}
	_, params, err := mime.ParseMediaType(message.Header.Get("Content-Type"))
	if err != nil {
		return nil, fmt.Errorf("reading the page's copy: %w", err)
	}
	var out bytes.Buffer
	parts := multipart.NewWriter(&out)
	fmt.Fprintf(&out, "From: <Saved by pipe>\r\nSnapshot-Content-Location: %s\r\nSubject: %s\r\nMIME-Version: 1.0\r\n"+
		"Content-Type: multipart/related;\r\n\ttype=\"text/html\";\r\n\tboundary=\"%s\"\r\n\r\n",
		oneLine(hide.Redact(message.Header.Get("Snapshot-Content-Location"))), subject(message.Header.Get("Subject"), hide.Redact), parts.Boundary())
	in := multipart.NewReader(message.Body, params["boundary"])
	for {
		part, err := in.NextPart() // what is quoted-printable it decodes
		if errors.Is(err, io.EOF) {
			err := parts.Close()
			return out.Bytes(), err
		}
		if err == nil {
			err = rewritePart(parts, part, hide, wants)
		}
		if err != nil {
			return nil, fmt.Errorf("reading the page's copy: %w", err)
		}
	}
}

// subject takes the secrets out of a header that may be encoded.
func subject(text string, redact func(string) string) string {
	if plain, err := new(mime.WordDecoder).DecodeHeader(text); err == nil {
		text = plain
	}
	return mime.QEncoding.Encode("utf-8", oneLine(redact(text)))
}

func oneLine(text string) string { return strings.Join(strings.Fields(text), " ") }

func rewritePart(to *multipart.Writer, part *multipart.Part, hide *secret.Redactor, wants func(string) bool) error {
	var body io.Reader = part
	if strings.EqualFold(part.Header.Get("Content-Transfer-Encoding"), "base64") {
		body = base64.NewDecoder(base64.StdEncoding, part)
	}
	data, err := io.ReadAll(body)
	if err != nil {
		return err
	}
	contentType := part.Header.Get("Content-Type")
	mediaType, _, err := mime.ParseMediaType(contentType)
	if err != nil {
		mediaType = "application/octet-stream"
	}
	if !wants(mediaType) {
		return nil
	}
	header := textproto.MIMEHeader{"Content-Type": {contentType}, "Content-Location": {oneLine(hide.Redact(part.Header.Get("Content-Location")))}}
	if id := part.Header.Get("Content-Id"); id != "" {
		header.Set("Content-ID", id)
	}
	if isPicture(mediaType) {
		return writeBase64(to, header, data)
	}
	if text, encoding := asUTF8(data, contentType); encoding != "" {
		data = []byte(text)
		header.Set("Content-Type", mediaType+"; charset=utf-8")
	}
	clean := hide.Redact(string(data))
	if mediaType == "text/html" || mediaType == "application/xhtml+xml" {
		clean = hideSplit(blankPasswords(clean), hide.Forms())
	}
	if !isText(mediaType) {
		return writeBase64(to, header, []byte(clean))
	}
	header.Set("Content-Transfer-Encoding", "quoted-printable")
	w, err := to.CreatePart(header)
	if err != nil {
		return err
	}
	quoted := quotedprintable.NewWriter(w)
	if _, err := io.WriteString(quoted, clean); err != nil {
		return err
	}
	return quoted.Close()
}

// isPicture tells of what holds no text.
func isPicture(mediaType string) bool {
	return strings.HasPrefix(mediaType, "image/") && mediaType != "image/svg+xml" || strings.HasPrefix(mediaType, "font/")
}

func isText(mediaType string) bool {
	return strings.HasPrefix(mediaType, "text/") || strings.HasSuffix(mediaType, "xml") || strings.HasSuffix(mediaType, "json") ||
		strings.HasSuffix(mediaType, "javascript")
}

// asUTF8 gives a text of another encoding in UTF-8, and the name of that; "" for one that
// is no text, or in UTF-8 already.
func asUTF8(data []byte, contentType string) (text, from string) {
	if !strings.HasPrefix(contentType, "text/") && !strings.Contains(contentType, "xml") {
		return "", ""
	}
	enc, name, _ := charset.DetermineEncoding(data, contentType)
	if name == "utf-8" {
		return "", ""
	}
	plain, err := enc.NewDecoder().Bytes(data)
	if err != nil {
		return "", ""
	}
	return string(plain), name
}

func writeBase64(to *multipart.Writer, header textproto.MIMEHeader, data []byte) error {
	header.Set("Content-Transfer-Encoding", "base64")
	w, err := to.CreatePart(header)
	if err != nil {
		return err
	}
	text := base64.StdEncoding.EncodeToString(data)
	for len(text) > 0 {
		n := min(len(text), 76)
		if _, err := io.WriteString(w, text[:n]+"\r\n"); err != nil {
			return err
		}
		text = text[n:]
	}
	return nil
}
