package file

import (
	"bufio"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"regexp"
	"strings"
)

// guard is what some servers put before JSON, so that no other site can run it as
// a script.
var guard = regexp.MustCompile(`^\s*(?:\)\]\}',?|while\s*\(1\);|for\s*\(;;\);)`)

func skipGuard(text *bufio.Reader) {
	head, _ := text.Peek(64) // what is wrong is told when it is read
	_, _ = text.Discard(len(guard.Find(head)))
}

const (
	// listsShown is how many lists of a document are told, listsWithin how deep they
	// are looked for.
	listsShown, listsWithin = 5, 4
)

// noList says what is where the list should be, and where lists are.
func (d *document) noList(here string, token json.Token) error {
	what := fmt.Sprintf("%s is %s, not a list", place(here), kindOf(token))
	if token != json.Delim('{') {
		return errors.New(what)
	}
	var lists []string
	told := ""
	err := d.members(here, 0, func(pointer, name string, value json.Token) {
		text, is := value.(string)
		switch {
		case value == json.Delim('[') && len(lists) < listsShown:
			lists = append(lists, pointer)
		case is && told == "" && (strings.EqualFold(name, "error") || strings.EqualFold(name, "message") || strings.EqualFold(name, "detail")):
			told = text
		}
	})
	if err == nil && here == "" && d.follows() {
		return errors.New(what + ", and another follows it: is this a file with one JSON object a line (jsonl)?")
	}
	switch {
	case told != "" && len(lists) == 0:
		return fmt.Errorf("%s: the site says %.200q", what, told)
	case len(lists) == 0:
		return errors.New(what + ", and there is none in it")
	default:
		return fmt.Errorf("%s: say where the list is by `at`, there are %s", what, strings.Join(lists, ", "))
	}
}

func (d *document) follows() bool {
	_, err := d.dec.Token()
	return !errors.Is(err, io.EOF)
}

// members tells of all members of the object that has begun.
func (d *document) members(here string, depth int, tell func(pointer, name string, value json.Token)) error {
	escape := strings.NewReplacer("~", "~0", "/", "~1")
	for d.dec.More() {
		d.limit.left = maxRecord
		key, err := d.dec.Token()
		if err != nil {
			return err
		}
		name, _ := key.(string)
		pointer := here + "/" + escape.Replace(name)
		value, err := d.dec.Token()
		if err != nil {
			return err
		}
		tell(pointer, name, value)
		switch {
		case value == json.Delim('{') && depth < listsWithin:
			err = d.members(pointer, depth+1, tell)
		case value == json.Delim('{'), value == json.Delim('['):
			err = d.leave()
		}
		if err != nil {
			return err
		}
	}
	_, err := d.dec.Token()
	return err
}

// leave goes to the end of the object or list that has begun.
func (d *document) leave() error {
	for d.dec.More() {
		if err := d.skip(); err != nil {
			return err
		}
	}
	_, err := d.dec.Token()
	return err
}

// lineCounter knows on which line an offset is that has been read, of offsets
// that only grow.
type lineCounter struct {
	r    io.Reader
	read int64
	ends []int64
	line int
}

func (l *lineCounter) Read(p []byte) (int, error) {
	n, err := l.r.Read(p)
	for i, b := range p[:n] {
		if b == '\n' {
			l.ends = append(l.ends, l.read+int64(i))
		}
	}
	l.read += int64(n)
	return n, err
}

func (l *lineCounter) at(offset int64) int {
	passed := 0
	for passed < len(l.ends) && l.ends[passed] < offset {
		passed++
	}
	l.line += passed
	l.ends = append(l.ends[:0], l.ends[passed:]...)
	return l.line + 1
}
