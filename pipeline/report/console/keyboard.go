package console

import (
	"errors"
	"os"
	"strings"

	"github.com/charmbracelet/x/ansi"
	"github.com/muesli/cancelreader"
)

// Keys are what a person at the keyboard may have a run do. They are called one at a
// time and must be quick.
type Keys struct {
	// Pause has the run begin no more items, or go on where it does not.
	Pause func()
	// Workers has so many more workers at work, or fewer.
	Workers func(by int)
	// Question is what is asked of the person, "" for nothing, and Answer takes the answer.
	Question func() string
	Answer   func(yes bool)
	// Drain lets the items in hand end and begins no more; Quit stops now. Interrupt is
	// what Ctrl-C is, where the terminal gives it as a key: the one, and then the other.
	Drain, Quit, Interrupt func()
}

// keyboard is what the keys do, and what is told of them below the picture.
type keyboard struct {
	keys Keys
	// help is true while all keys are told, asking while a second q is to confirm the
	// first.
	help, asking bool
}

// interruptKey is what a terminal gives for Ctrl-C that makes no signal of it.
const interruptKey = 0x03

// pasteLeast is how many bytes at once are no keys any more, but pasted text.
const pasteLeast = 8

// typed takes what came from the terminal at once. An escape sequence, as of an arrow, is
// no key, and neither is pasted text.
func (k *keyboard) typed(chunk string) {
	keys := ansi.Strip(chunk)
	if strings.Contains(chunk, ansi.BracketedPasteStart) || len(keys) >= pasteLeast {
		return
	}
	for _, key := range keys {
		k.press(key)
	}
}

func (k *keyboard) press(key rune) {
	asked := k.asking
	k.asking = false
	switch key {
	case 'y', 'n':
		if k.question() != "" {
			k.keys.Answer(key == 'y')
		}
	case 'p', ' ':
		k.keys.Pause()
	case '+', '=':
		k.keys.Workers(1)
	case '-', '_':
		k.keys.Workers(-1)
	case 'd':
		k.keys.Drain()
	case 'q':
		if k.asking = !asked; asked {
			k.keys.Quit()
		}
	case '?', 'h':
		k.help = !k.help
	case interruptKey:
		k.keys.Interrupt()
	}
}

func (k *keyboard) question() string {
	if k.keys.Question == nil {
		return ""
	}
	return k.keys.Question()
}

// lines tell the keys.
func (k *keyboard) lines(cells int) []string {
	switch {
	case k.asking:
		return styled(notice.Render, wrap("stop now? What is in hand is given up, and done by the next run. q again stops, d lets it end first, any other key goes on.", cells, 0))
	case k.question() != "":
		return styled(notice.Render, wrap(Clean(k.question())+"  y  try it     n  leave it", cells, 0))
	case k.help:
		return styled(quiet.Render, []string{
			"p  pause: begin nothing new, and go on",
			"+  one more worker     -  one fewer",
			"d  drain: finish what is in hand, begin no more (as Ctrl-C)",
			"q  quit: stop now, once it is confirmed (as Ctrl-C twice)",
			"?  put this away",
		})
	default:
		return styled(quiet.Render, flow([]string{"p pause", "+ - workers", "d drain", "q quit", "? help"}, cells))
	}
}

func styled(style func(...string) string, lines []string) []string {
	for i, line := range lines {
		lines[i] = style(line)
	}
	return lines
}

// read passes on what is typed until the reader is cancelled or the terminal is gone.
func read(from cancelreader.CancelReader, typed func(string)) {
	buf := make([]byte, 256)
	for {
		n, err := from.Read(buf)
		if n > 0 {
			typed(string(buf[:n]))
		}
		if err != nil || n == 0 {
			return
		}
	}
}

// openKeyboard has a terminal give each key as it is pressed, and shows none. Signals as
// of Ctrl-C stay the terminal's business. The closing puts the terminal back as it was;
// what reads then has ended, or is about to.
func openKeyboard(in *os.File) (cancelreader.CancelReader, func() error, error) {
	restore, err := keyByKey(in)
	if err != nil {
		return nil, nil, err
	}
	reader, err := cancelreader.NewReader(in)
	if err != nil {
		return nil, nil, errors.Join(err, restore())
	}
	return reader, restore, nil
}
