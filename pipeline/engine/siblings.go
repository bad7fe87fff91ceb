package engine

import (
	"slices"
	"strings"
	"sync"
	"unicode"

	"pipe/specs"
	"pipe/specs/expr"
	"pipe/steps"
)

// siblings knows what the items of a source have in the place of a text that
// their files must contain: where one item is North and another North Shore, a
// file of the other contains what the one must. It keeps those alone that could
// hold another, as names of several words.
type siblings struct {
	texts []expr.Template
	own   expr.Values

	mu     sync.Mutex
	byWord map[string][]string
	count  int
}

const (
	// siblingsMost bounds how many texts are kept, and longerMost how many are
	// told of one.
	siblingsMost = 200_000
	longerMost   = 50
)

// newSiblings makes ready for the items of a spec.
func newSiblings(spec *specs.Spec) *siblings {
	s := &siblings{own: spec.Values, byWord: map[string][]string{}}
	for _, list := range [][]specs.Step{spec.Navigate.Steps, spec.Download} {
		steps.WalkSteps(list, func(step *specs.Step) {
			if c, ok := step.Do.(*steps.Capture); ok {
				s.texts = append(s.texts, c.Expect.Contains...)
			}
		})
	}
	return s
}

// note takes in an item's row.
func (s *siblings) note(row map[string]any) {
	values := s.own.With("item", row)
	for _, template := range s.texts {
		text, err := template.Text(values) // what needs more than a row is not known here
		if err != nil {
			continue
		}
		text = strings.Join(strings.Fields(text), " ")
		words := indexWords(text)
		if len(words) >= 2 {
			s.add(text, words)
		}
	}
}

func (s *siblings) add(text string, words []string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.count == siblingsMost || slices.Contains(s.byWord[words[0]], text) {
		return
	}
	s.count++
	for _, word := range words {
		s.byWord[word] = append(s.byWord[word], text)
	}
}

// longer gives what other items have that holds one of the texts, by text.
func (s *siblings) longer(texts []string) map[string][]string {
	if s == nil {
		return nil
	}
	found := map[string][]string{}
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, text := range texts {
		plain := strings.Join(strings.Fields(text), " ")
		words := indexWords(plain)
		if len(words) == 0 {
			continue
		}
		for _, other := range s.byWord[words[0]] {
			if len(other) > len(plain) && strings.Contains(other, plain) && len(found[text]) < longerMost {
				found[text] = append(found[text], other)
			}
		}
	}
	return found
}

// indexWords are the words of a text, each once; in scripts that set no spaces
// each character is one.
func indexWords(text string) []string {
	words := strings.FieldsFunc(text, func(r rune) bool { return !unicode.IsLetter(r) && !unicode.IsDigit(r) && !unicode.IsMark(r) })
	var all []string
	for _, word := range words {
		if strings.ContainsFunc(word, unspaced) {
			all = append(all, strings.Split(word, "")...)
		} else {
			all = append(all, word)
		}
	}
	slices.Sort(all)
	return slices.Compact(all)
}

func unspaced(r rune) bool {
	return unicode.In(r, unicode.Han, unicode.Hiragana, unicode.Katakana, unicode.Hangul, unicode.Thai, unicode.Lao, unicode.Khmer, unicode.Myanmar)
}
