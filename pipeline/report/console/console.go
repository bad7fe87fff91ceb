// Package console folds the events of a run into what a person sees, or a
// machine: [Live] on a terminal, [Plain] where there is none, [JSON] for
// programs, and [Report] at the end.
//
// It is a [pipeline.Observer]: it touches the terminal or the writer that it is
// given, asks nothing of the run, and imports package pipeline alone, and
// progress. Of [Keys] it calls what it is given.
package console

import (
	"io"
	"strings"
	"time"
	"unicode"

	"pipe/pipeline"
)

// View shows a run as it goes.
type View interface {
	pipeline.Observer
	// Log takes whole lines that are to be shown beside the picture.
	Log() io.Writer
	// Close writes what is left and gives the terminal back, within 2 s.
	Close() error
}

// Options adjust a view. The zero value is ready for use.
type Options struct {
	// Version is the program's, shown in the title.
	Version string
	// Now tells the time; nil means time.Now.
	Now func() time.Time
	// Keys are what [Live] has the keyboard do; nil reads no keys.
	Keys *Keys
}

func (o Options) withDefaults() Options {
	if o.Now == nil {
		o.Now = time.Now
	}
	return o
}

// Clean takes out of a text what a terminal would obey, and makes it one line: keys and
// reasons come from web sites.
func Clean(text string) string {
	return strings.Map(func(r rune) rune {
		switch {
		case r == '\n' || r == '\t' || r == '\r':
			return ' '
		case unicode.IsControl(r) || r == unicode.ReplacementChar || unicode.Is(unicode.Bidi_Control, r):
			return -1
		default:
			return r
		}
	}, text)
}

// CleanLines is Clean of each line of a text.
func CleanLines(text string) string {
	all := strings.Split(text, "\n")
	for i, line := range all {
		all[i] = Clean(line)
	}
	return strings.Join(all, "\n")
}

// lines is a writer that passes whole lines on.
type lines struct {
	rest string
	each func(line string)
}

func (l *lines) Write(p []byte) (int, error) {
	l.rest += string(p)
	for {
		line, rest, whole := strings.Cut(l.rest, "\n")
		if !whole {
			return len(p), nil
		}
		l.rest = rest
		l.each(line)
	}
}
