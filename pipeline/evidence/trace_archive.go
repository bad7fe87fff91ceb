package evidence

import (
	"archive/zip"
	"bytes"
	"fmt"
	"io"
	"path"
	"strings"
	"unicode/utf8"
)

// entryMost is how big a part of a trace is at most: bigger ones are left out.
const entryMost = 64 << 20

// rewriteTrace reads a trace and writes it anew without secrets: from its events, what
// the network has carried and what pages showed. Of resources, texts are rewritten,
// pictures and fonts kept, and all else left out: nobody can look through that.
func rewriteTrace(name string, redact func(string) string) ([]byte, error) {
	in, err := zip.OpenReader(name)
	if err != nil {
		return nil, fmt.Errorf("reading the trace: %w", err)
	}
	defer func() { _ = in.Close() }() // only read
	var out bytes.Buffer
	to := zip.NewWriter(&out)
	for _, entry := range in.File {
		data, keep, err := rewriteEntry(entry, redact)
		if err == nil && keep {
			var w io.Writer
			if w, err = to.Create(entry.Name); err == nil {
				_, err = w.Write(data)
			}
		}
		if err != nil {
			return nil, fmt.Errorf("reading %s of the trace: %w", path.Base(entry.Name), err)
		}
	}
	if err := to.Close(); err != nil {
		return nil, fmt.Errorf("writing the trace: %w", err)
	}
	return out.Bytes(), nil
}

// rewriteEntry gives a part of a trace without secrets, and whether it is kept.
func rewriteEntry(entry *zip.File, redact func(string) string) (data []byte, keep bool, err error) {
	if entry.UncompressedSize64 > entryMost {
		return nil, false, nil
	}
	r, err := entry.Open()
	if err != nil {
		return nil, false, err
	}
	defer func() { _ = r.Close() }() // only read
	if data, err = io.ReadAll(io.LimitReader(r, entryMost)); err != nil {
		return nil, false, err
	}
	kind := strings.ToLower(path.Ext(entry.Name))
	switch {
	case kind == ".stacks":
		return nil, false, nil // where this program was
	case kind == ".trace" || kind == ".network":
		data, err = rewriteEvents(data, redact)
		return data, err == nil, err
	case pictures[kind]:
		return data, true, nil
	case !utf8.Valid(data):
		return nil, false, nil
	case kind == ".html" || kind == ".xhtml":
		return []byte(blankPasswords(redact(string(data)))), true, nil
	default:
		return []byte(redact(string(data))), true, nil
	}
}

// pictures are the endings of what holds no text.
var pictures = map[string]bool{
	".png": true, ".jpg": true, ".jpeg": true, ".gif": true, ".webp": true, ".ico": true, ".avif": true, ".bmp": true,
	".woff": true, ".woff2": true, ".ttf": true, ".otf": true,
}
