package document

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"regexp"
	"strconv"
	"unicode/utf8"

	"gopkg.in/yaml.v3"
)

// parserError is what yaml.v3's parser says, in distinction to its scanner: it
// counts its lines from 0 (yaml.go, parser.fail).
var parserError = regexp.MustCompile(`^did not find expected (node content|'-' indicator|key|',' or '[]}]'|<document start>)`)

var yamlLine = regexp.MustCompile(`^yaml: (?:line (\d+): )?(.*)$`)

// Parse gives the value that a file holds, or nil with faults.
func (r *Reader) Parse(t *Text, src []byte) *yaml.Node {
	top := Pos{File: t.file, Line: 1, Col: 1}
	if len(src) > MaxSize {
		r.FaultAt(top, "", "the file is over %d MB: that is no spec", MaxSize>>20)
		return nil
	}
	if bytes.HasPrefix(src, []byte("\xff\xfe")) || bytes.HasPrefix(src, []byte("\xfe\xff")) {
		r.FaultAt(top, "", "the file is UTF-16: save it as UTF-8")
		return nil
	}
	if bytes.IndexByte(src, 0) >= 0 {
		r.FaultAt(top, "", "the file is binary: a spec is YAML text in UTF-8")
		return nil
	}
	if !utf8.Valid(src) {
		for i, line := range t.Lines {
			if !utf8.ValidString(line) {
				r.FaultAt(Pos{File: t.file, Line: i + 1, Col: 1}, "", "the line is not UTF-8: save the file in that encoding")
				return nil
			}
		}
	}
	var doc yaml.Node
	dec := yaml.NewDecoder(bytes.NewReader(src))
	err := dec.Decode(&doc)
	if errors.Is(err, io.EOF) {
		r.FaultAt(top, "", "the file is empty: see `pipe demo` and specs/inventory.yaml for a spec to begin with")
		return nil
	}
	if err != nil {
		r.syntax(t, err)
		return nil
	}
	if err := dec.Decode(&yaml.Node{}); !errors.Is(err, io.EOF) {
		r.FaultAt(top, "", "the file holds several documents: one spec to a file")
		return nil
	}
	return doc.Content[0]
}

// syntax tells an error of the YAML parser at its line.
func (r *Reader) syntax(t *Text, err error) {
	at, text := Pos{File: t.file, Line: 1, Col: 1}, err.Error()
	if m := yamlLine.FindStringSubmatch(text); m != nil {
		text = m[2]
		if line, err := strconv.Atoi(m[1]); err == nil {
			at.Line = line
		}
		if m[1] != "" && parserError.MatchString(text) {
			at.Line++
		}
	}
	r.FaultAt(at, "", "the YAML does not parse: %s", text)
}

// ReadFile reads a spec's text, and of what is too large for one no more than
// shows that.
func ReadFile(path string) ([]byte, error) {
	f, err := os.Open(filepath.Clean(path))
	if err != nil {
		return nil, fmt.Errorf("reading the spec: %w", err)
	}
	defer func() { _ = f.Close() }()
	if info, err := f.Stat(); err == nil && info.IsDir() {
		return nil, fmt.Errorf("reading the spec: %s is a folder", path)
	}
	src, err := io.ReadAll(io.LimitReader(f, MaxSize+1))
	if err != nil {
		return nil, fmt.Errorf("reading the spec: %w", err)
	}
	return src, nil
}
