package artifact

import (
	"bufio"
	"context"
	"encoding/json"
	"errors"
	"io"
	"regexp"
	"strings"
)

// checkTextEnd looks for what tells that a text is not all of it, in those forms
// that have an end of their own.
func (f *subject) checkTextEnd(ctx context.Context) error {
	tail := f.text
	if f.cut {
		end, err := f.tail()
		if err != nil {
			return err
		}
		tail = decodeText(end)
	}
	tail = strings.TrimRight(tail, " \t\r\n\x00\x1a")
	cut := func(what string) error { return fail("whole", "is cut off: %s %s", f.desc, what) }
	switch {
	case f.kind == typeHTML, f.cut && f.startsWith("\xff\xfe"), f.cut && f.startsWith("\xfe\xff"):
		return nil
	case jsonStart.MatchString(f.head):
		values, open, err := f.jsonValues(ctx)
		if err != nil {
			return err
		}
		if open {
			return cut("that ends in the middle of a value")
		}
		f.ends = values == 1 // lines of values may be any number
	case isXML(f.head):
		root := xmlRoot.FindStringSubmatch(f.head)
		if root != nil && !strings.HasSuffix(root[2], "/") && !endsElement(tail, root[1]) {
			return cut("without its end (</" + root[1] + ">)")
		}
		f.ends = root != nil
	case strings.HasPrefix(f.head, `{\rtf`):
		if !strings.HasSuffix(tail, "}") || !f.cut && opensGroups(f.text) {
			return cut("without its end (})")
		}
		f.ends = true
	case blockStart.MatchString(f.head):
		name := blockStart.FindStringSubmatch(f.head)[1]
		begun, ended := blocks(f.text, name)
		if !endsBlock(tail, name) || !f.cut && begun > ended {
			return cut("without its end (END:" + name + ")")
		}
		f.ends = !f.cut && begun == 1 // there may be any number of them
	case mailStart.MatchString(f.head):
		header, _, _ := strings.Cut(strings.ReplaceAll(f.head, "\r\n", "\n"), "\n\n")
		if b := mailParts.FindStringSubmatch(header); b != nil && !strings.Contains(tail, "--"+b[1]+"--") {
			return cut("without the end of its parts (--" + b[1] + "--)")
		}
	case f.rows && !f.startsWith("\xff\xfe") && !f.startsWith("\xfe\xff"):
		return f.checkRows(ctx)
	}
	return nil
}

// endless tells whether nothing in the file says that it is all of it.
func (f *subject) endless() bool {
	if f.textual {
		return !f.ends
	}
	return f.kind == typeBinary
}

var (
	jsonStart  = regexp.MustCompile(`^\s*[\[{]\s*(["\[{\]}]|-?\d|true\b|false\b|null\b)`)
	xmlStart   = regexp.MustCompile(`^\s*<(\?xml\b|!--|!DOCTYPE\b|[A-Za-z_][\w:.-]*\s+[\w:.-]+\s*=\s*["'])`)
	xmlElement = regexp.MustCompile(`^\s*<[A-Za-z_][\w:.-]*(\s[^<>]*)?/?>`)
	xmlClosing = regexp.MustCompile(`</[A-Za-z_]|/>`)
	xmlRoot    = regexp.MustCompile(`(?s)^\s*(?:<\?.*?\?>\s*|<!--.*?-->\s*|<![^>\[]*(?:\[.*?\])?>\s*)*<([A-Za-z_][\w:.-]*)((?:[^>"']|"[^"]*"|'[^']*')*)>`)
	xmlBehind  = regexp.MustCompile(`(?s)^(\s*(<!--.*?-->|<\?.*?\?>))*\s*$`)
	blockStart = regexp.MustCompile(`(?i)^BEGIN:(VCALENDAR|VCARD)\b`)
	mailStart  = regexp.MustCompile(`(?i)^(received|return-path|delivered-to|from|mime-version|date|subject|message-id|to|x-[\w-]+|content-type):`)
	mailParts  = regexp.MustCompile(`(?is)\ncontent-type:\s*multipart/[^;]+;(?:.*?)\bboundary="?([^"\s;]+)`)
)

// isXML tells whether a text is XML by its start. One without a declaration may be
// of another kind, with names in brackets: lists of prices, what people said.
func isXML(head string) bool {
	return xmlStart.MatchString(head) || xmlElement.MatchString(head) && xmlClosing.MatchString(head)
}

// opensGroups tells whether rich text opens more groups than it closes. One with
// bytes as they are in it may hold any braces.
func opensGroups(text string) bool {
	if strings.Contains(text, `\bin`) {
		return false
	}
	plain := strings.NewReplacer(`\\`, "", `\{`, "", `\}`, "").Replace(text)
	return strings.Count(plain, "{") > strings.Count(plain, "}")
}

// endsBlock tells whether the last line that is no blank one ends a block, such
// as a card. A file may hold several, one after another.
func endsBlock(tail, name string) bool {
	line := tail[strings.LastIndexAny(tail, "\r\n")+1:]
	return strings.EqualFold(strings.TrimSpace(line), "END:"+name)
}

// blocks counts those that begin and those that end.
func blocks(text, name string) (begun, ended int) {
	for line := range strings.FieldsFuncSeq(text, func(r rune) bool { return r == '\n' || r == '\r' }) {
		switch line = strings.TrimSpace(line); {
		case strings.EqualFold(line, "BEGIN:"+name):
			begun++
		case strings.EqualFold(line, "END:"+name):
			ended++
		}
	}
	return begun, ended
}

// endsElement tells whether a text ends with the end of an element, and nothing
// but comments behind it.
func endsElement(tail, name string) bool {
	i := strings.LastIndex(tail, "</"+name)
	if i < 0 {
		return false
	}
	rest := strings.TrimLeft(tail[i+2+len(name):], " \t\r\n")
	return strings.HasPrefix(rest, ">") && xmlBehind.MatchString(rest[1:])
}

// jsonValues counts the values of a text that begins as JSON, 0 when it is none: a
// line of a log may begin so. open is true when it ends within one.
func (f *subject) jsonValues(ctx context.Context) (values int, open bool, err error) {
	var from io.Reader = io.NewSectionReader(f.file, f.markLength(), f.size)
	if !f.cut {
		from = strings.NewReader(f.text) // whatever its encoding
	}
	depth, decoder := 0, json.NewDecoder(&contextReader{ctx: ctx, r: from})
	for {
		token, err := decoder.Token()
		var none *json.SyntaxError
		switch {
		case errors.Is(err, io.EOF):
			return values, depth > 0, nil
		case errors.Is(err, io.ErrUnexpectedEOF):
			return values, true, nil
		case errors.As(err, &none):
			return 0, false, nil
		case err != nil:
			return 0, false, err
		}
		switch token {
		case json.Delim('['), json.Delim('{'):
			depth++
		case json.Delim(']'), json.Delim('}'):
			depth--
		}
		if depth == 0 {
			values++
		}
	}
}

// markLength is the length of the byte order mark of UTF-8, if there is one.
func (f *subject) markLength() int64 {
	if f.startsWith("\ufeff") {
		return 3
	}
	return 0
}

func (f *subject) startsWith(mark string) bool {
	start := make([]byte, len(mark))
	n, _ := f.file.ReadAt(start, 0) // what cannot be read has been told
	return string(start[:n]) == mark
}

// checkRows fails for a table whose last line has fewer fields than all others and
// no end, or a field that is still open.
func (f *subject) checkRows(ctx context.Context) error {
	line, _, _ := strings.Cut(f.head, "\n")
	delimiter, most := byte(0), 0
	for _, d := range []byte(",;\t|") {
		if n := strings.Count(line, string(d)); n > most {
			delimiter, most = d, n
		}
	}
	if delimiter == 0 || strings.HasPrefix(line, "sep=") {
		return nil
	}
	rows := rowCounter{delimiter: delimiter, start: true}
	in := bufio.NewReaderSize(&contextReader{ctx: ctx, r: io.NewSectionReader(f.file, f.markLength(), f.size)}, 64<<10)
	for {
		b, err := in.ReadByte()
		switch {
		case errors.Is(err, io.EOF):
			return rows.cut(f.desc)
		case err != nil:
			return err
		}
		rows.take(b)
	}
}

// maxFooter is how much of a row is looked at for a footer.
const maxFooter = 60

// footer is what programs put below a table.
var footer = regexp.MustCompile(`(?i)^\W*(grand |sub)?(total|sum|summe|gesamt|end|ende|eof|count|anzahl|somme|suma|totale|итого|合計|小計)|^\(?\d+ (row|record|item|line|zeile|satz|sätze)|^[(#*=-]`)

// rowCounter counts the fields of the rows of a table.
type rowCounter struct {
	delimiter     byte
	quoted, start bool   // in a quoted field; at the start of a field
	blank         bool   // nothing in the row so far
	fields        int    // of this row, but for the one that is read
	rows          int    // before this
	text          []byte // the row's first bytes
	same          int    // the fields of all rows before, -1 where they differ
}

func (r *rowCounter) take(b byte) {
	if len(r.text) < maxFooter {
		r.text = append(r.text, b)
	}
	switch {
	case b == '"' && (r.start || r.quoted):
		r.quoted = !r.quoted
		r.start = !r.quoted // a doubled quote opens it again
		r.blank = false
		return
	case r.quoted:
		return
	case b == r.delimiter:
		r.fields++
		r.start, r.blank = true, false
		return
	case b == '\n':
		r.end()
		return
	case b != '\r':
		r.blank = false
	}
	r.start = false
}

func (r *rowCounter) end() {
	if n := r.fields + 1; !r.blank {
		if r.rows == 0 {
			r.same = n
		} else if r.same != n {
			r.same = -1
		}
		r.rows++
	}
	r.fields, r.start, r.blank, r.text = 0, true, true, r.text[:0]
}

func (r *rowCounter) cut(desc string) error {
	switch {
	case r.quoted && r.rows > 0 && r.same > 1:
		return fail("whole", "is cut off: %s whose last field has no end", desc)
	case r.blank || r.rows < 2 || r.same < 2 || r.fields+1 >= r.same || footer.Match(r.text):
		return nil
	}
	return fail("whole", "is cut off: %s whose last line has %d fields where all others have %d, and no end", desc, r.fields+1, r.same)
}
