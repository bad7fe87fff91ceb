package steps

import (
	"fmt"
	"slices"
	"strings"
	"sync"
	"unicode"
)

// maxSiteText bounds a text of the site's in an error, in bytes.
const maxSiteText = 200

// Printable makes a text of the site's fit for an error and a terminal: one short
// line without control characters. It is cut between words: half a secret would not
// be known for one.
func Printable(text string) string {
	text = OneLine(text)
	if len(text) <= maxSiteText {
		return text
	}
	cut := strings.LastIndexByte(text[:maxSiteText], ' ')
	return strings.TrimSpace(text[:max(cut, 0)] + " …")
}

// OneLine makes a text of the site's one line without control characters.
func OneLine(text string) string {
	text = strings.Map(func(r rune) rune {
		switch {
		case unicode.IsSpace(r):
			return ' '
		case unicode.IsPrint(r):
			return r
		default:
			return -1
		}
	}, text)
	return strings.Join(strings.Fields(text), " ")
}

// dialogTexts are what the dialogs of a page have said since a trigger.
type dialogTexts struct {
	mu    sync.Mutex
	texts []string
}

// maxDialogs is how many of them are told.
const maxDialogs = 3

func (d *dialogTexts) add(text string) {
	d.mu.Lock()
	defer d.mu.Unlock()
	said := fmt.Sprintf("a dialog said %q", Printable(text))
	if len(d.texts) < maxDialogs && !slices.Contains(d.texts, said) {
		d.texts = append(d.texts, said)
	}
}

func (d *dialogTexts) forget() {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.texts = nil
}

func (d *dialogTexts) list() []string {
	d.mu.Lock()
	defer d.mu.Unlock()
	return slices.Clone(d.texts)
}
