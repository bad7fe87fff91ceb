package evidence_test

import (
	"bytes"
	"encoding/base64"
	"encoding/hex"
	"errors"
	"html"
	"io"
	"mime"
	"mime/multipart"
	"net/mail"
	"net/url"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

// noSecrets searches all files below a folder, and what is packed in them, for values: as
// they are, as URLs and HTML have them, in hexadecimal and in base64.
func noSecrets(t *testing.T, folder string, values ...string) {
	t.Helper()
	files, err := filepath.Glob(filepath.Join(folder, "*"))
	if err != nil || len(files) == 0 {
		t.Fatalf("there is nothing in %s: %v", folder, err)
	}
	for _, path := range files {
		data, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		texts := map[string][]byte{filepath.Base(path): data}
		if strings.HasSuffix(path, ".mhtml") {
			for name, part := range partsOf(t, data) {
				texts[name] = part
			}
		}
		for name, text := range texts {
			for _, value := range values {
				if how := holds(text, value); how != "" {
					t.Errorf("%s holds %q %s:\n%s", name, value, how, text)
				}
			}
		}
	}
}

// partsOf are the parts of an MHTML archive, decoded, by their places.
func partsOf(t *testing.T, archive []byte) map[string][]byte {
	t.Helper()
	message, err := mail.ReadMessage(bytes.NewReader(archive))
	if err != nil {
		t.Fatal(err)
	}
	_, params, err := mime.ParseMediaType(message.Header.Get("Content-Type"))
	if err != nil {
		t.Fatal(err)
	}
	parts := map[string][]byte{}
	subject, err := new(mime.WordDecoder).DecodeHeader(message.Header.Get("Subject"))
	if err != nil {
		t.Fatal(err)
	}
	parts["the subject"] = []byte(subject)
	for in := multipart.NewReader(message.Body, params["boundary"]); ; {
		part, err := in.NextPart()
		if errors.Is(err, io.EOF) {
			return parts
		}
		if err != nil {
			t.Fatal(err)
		}
		var body io.Reader = part
		if part.Header.Get("Content-Transfer-Encoding") == "base64" {
			body = base64.NewDecoder(base64.StdEncoding, part)
		}
		data, err := io.ReadAll(body)
		if err != nil {
			t.Fatal(err)
		}
		parts[part.Header.Get("Content-Location")] = data
	}
}

// encoded are runs of what may be base64.
var encoded = regexp.MustCompile(`[A-Za-z0-9+/_-]{8,}`)

// holds tells how a text holds a value, "" where it does not.
func holds(text []byte, value string) string {
	plain := string(text)
	once, _ := url.QueryUnescape(plain)
	twice, _ := url.QueryUnescape(once)
	for how, form := range map[string]string{
		"plainly": plain, "in HTML": html.UnescapeString(plain), "in a URL": once, "in a URL in a URL": twice,
		"in JSON": strings.NewReplacer(`\"`, `"`, `\/`, `/`, `\\`, `\`, `\u0026`, "&", `\u003c`, "<").Replace(plain),
	} {
		if strings.Contains(form, value) {
			return how
		}
	}
	if strings.Contains(strings.ToLower(plain), hex.EncodeToString([]byte(value))) {
		return "in hexadecimal"
	}
	for _, run := range encoded.FindAllString(plain, -1) {
		run = strings.NewReplacer("-", "+", "_", "/").Replace(run)
		for from := range min(4, len(run)) {
			whole := run[from:]
			whole = whole[:len(whole)/4*4]
			decoded, err := base64.StdEncoding.DecodeString(whole)
			// Of what is cut at both ends most of the value is enough.
			if err == nil && len(value) > 8 && bytes.Contains(decoded, []byte(value[2:len(value)-2])) {
				return "in base64"
			}
		}
	}
	return ""
}
