package file

import (
	"bufio"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"iter"
	"strconv"
	"strings"

	"golang.org/x/text/encoding/unicode"
	"golang.org/x/text/transform"
)

// JSON reads the objects of the list that a JSON pointer leads to, once. A
// row's line is the one that its object ends on.
//
// Values become texts, as a CSV file would have them: numbers keep their
// digits, null is empty, lists and objects stay JSON.
func JSON(ctx context.Context, r io.Reader, at string) iter.Seq2[Row, error] {
	return func(yield func(Row, error) bool) {
		text := bufio.NewReader(transform.NewReader(r, unicode.BOMOverride(transform.Nop)))
		skipGuard(text)
		limit := &recordLimit{r: text, left: maxRecord}
		d := &document{limit: limit, lines: &lineCounter{r: limit}}
		d.dec = json.NewDecoder(d.lines)
		if err := d.seek(at); err != nil {
			yield(Row{}, fmt.Errorf("reading JSON: %w", err))
			return
		}
		for d.dec.More() {
			if err := context.Cause(ctx); err != nil {
				yield(Row{}, fmt.Errorf("reading JSON: %w", err))
				return
			}
			row, err := d.next()
			_, goesOn := errors.AsType[*RowError](err)
			if !yield(row, err) || err != nil && !goesOn {
				return
			}
		}
		if _, err := d.dec.Token(); err != nil {
			yield(Row{}, fmt.Errorf("reading JSON: the list is not closed: %w", cut(err)))
			return
		}
		if _, err := d.dec.Token(); at == "" && !errors.Is(err, io.EOF) {
			yield(Row{}, errors.New("reading JSON: more follows the list: is this a file with one JSON object a line (jsonl), or several lists?"))
		}
	}
}

type document struct {
	dec   *json.Decoder
	limit *recordLimit
	lines *lineCounter
	count int
}

func (d *document) next() (Row, error) {
	d.limit.left = maxRecord
	d.count++
	var raw json.RawMessage
	if err := d.dec.Decode(&raw); err != nil {
		return Row{}, fmt.Errorf("reading JSON: object %d: %w", d.count, cut(err))
	}
	line := d.lines.at(d.dec.InputOffset())
	fields, err := objectFields(raw)
	if err != nil {
		return Row{}, &RowError{Line: line, Reason: fmt.Sprintf("number %d of the list %v", d.count, err)}
	}
	return Row{Line: line, Fields: fields}, nil
}

// seek goes to the first element of the list.
func (d *document) seek(at string) error {
	here := ""
	for _, step := range strings.Split(at, "/")[1:] {
		step = strings.ReplaceAll(strings.ReplaceAll(step, "~1", "/"), "~0", "~")
		if err := d.enter(here, step); err != nil {
			return err
		}
		here += "/" + step
	}
	token, err := d.dec.Token()
	if err != nil {
		return cut(err)
	}
	if token != json.Delim('[') {
		return d.noList(here, token)
	}
	return nil
}

// enter goes into a member of the object, or an element of the list, that comes
// next.
func (d *document) enter(here, step string) error {
	token, err := d.dec.Token()
	if err != nil {
		return cut(err)
	}
	var names []string
	for n := 0; d.dec.More(); n++ {
		d.limit.left = maxRecord
		name := strconv.Itoa(n)
		if token == json.Delim('{') {
			key, err := d.dec.Token()
			if err != nil {
				return cut(err)
			}
			name, _ = key.(string)
		}
		if name == step {
			return nil
		}
		if names = append(names, name); len(names) > 20 {
			names = append(names[:20], "…")
		}
		if err := d.skip(); err != nil {
			return err
		}
	}
	if token != json.Delim('{') && token != json.Delim('[') {
		return fmt.Errorf("%s is %s and has no %q", place(here), kindOf(token), step)
	}
	return fmt.Errorf("%s has no %q, it has %s", place(here), step, strings.Join(names, ", "))
}

// skip leaves a value out without holding it.
func (d *document) skip() error {
	depth := 0
	for {
		d.limit.left = maxRecord
		token, err := d.dec.Token()
		if err != nil {
			return cut(err)
		}
		switch token {
		case json.Delim('{'), json.Delim('['):
			depth++
		case json.Delim('}'), json.Delim(']'):
			depth--
		}
		if depth == 0 {
			return nil
		}
	}
}

func place(pointer string) string {
	if pointer == "" {
		return "the document"
	}
	return pointer
}

func kindOf(token json.Token) string {
	switch token := token.(type) {
	case json.Delim:
		return map[json.Delim]string{'{': "an object", '[': "a list"}[token]
	case nil:
		return "null"
	default:
		return "a single value"
	}
}

// cut says of a file that ends too early that it does.
func cut(err error) error {
	if errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF) {
		return errors.New("the file ends too early: is it whole?")
	}
	return err
}
