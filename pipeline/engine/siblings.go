package engine

import (
	"cmp"
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
	// literal is how many words of each text are the same for all items.
	literal []int
	own     expr.Values

	mu sync.Mutex
	// all are the texts that are kept, byWord each under each of its words; items
	// counts those that were noted.
	all    map[string]struct{}
	byWord map[string][]string
	items  int
}

const (
	// siblingsMost bounds how many texts are kept, and longerMost how many are
	// told of one.
	siblingsMost = 200_000
	longerMost   = 50
	// sampleItems is of how many items all are looked at before any is begun: those
	// of a source that are read ahead anyway.
	sampleItems = 5_000
)

// newSiblings makes ready for the items of a spec.
func newSiblings(spec *specs.Spec) *siblings {
	s := &siblings{own: spec.Values, all: map[string]struct{}{}, byWord: map[string][]string{}}
	for _, list := range [][]specs.Step{spec.Navigate.Steps, spec.Download.Steps} {
		steps.WalkSteps(list, func(step *specs.Step) {
			c, ok := step.Do.(*steps.Capture)
			if !ok {
				return
			}
			for _, text := range c.Expect.Contains {
				s.texts, s.literal = append(s.texts, text), append(s.literal, len(indexWords(text.Literal(" "))))
			}
		})
	}
	return s
}

// note takes in an item's row.
func (s *siblings) note(row map[string]any) {
	s.mu.Lock()
	s.items++
	s.mu.Unlock()
	values := s.own.With("item", row)
	for i, template := range s.texts {
		text, err := template.Text(values) // what needs more than a row is not known here
		if err != nil {
			continue
		}
		text = strings.Join(strings.Fields(text), " ")
		words := indexWords(text)
		if len(words) >= s.literal[i]+2 {
			s.add(text, words)
		}
	}
}

// unlikely tells that no item will be found that holds another's text: there is
// none to hold, or of a good many items none has a text of several words.
func (s *siblings) unlikely() bool {
	if len(s.texts) == 0 {
		return true
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.items >= sampleItems && len(s.all) == 0
}

func (s *siblings) add(text string, words []string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if _, known := s.all[text]; known || len(s.all) == siblingsMost {
		return
	}
	s.all[text] = struct{}{}
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
		rarest := slices.MinFunc(words, func(a, b string) int { return cmp.Compare(len(s.byWord[a]), len(s.byWord[b])) })
		for _, other := range s.byWord[rarest] {
			if len(other) > len(plain) && strings.Contains(other, plain) && len(found[text]) < longerMost {
				found[text] = append(found[text], other)
			}
		}
	}
	return found
}

// indexWords are the words of a text between spaces, each once; in scripts that set no spaces
// each character is one.
func indexWords(text string) []string {
	var all []string
	for word := range strings.FieldsSeq(text) {
		word = strings.TrimFunc(word, func(r rune) bool { return unicode.IsPunct(r) || unicode.IsSymbol(r) })
		if strings.ContainsFunc(word, unspaced) {
			all = append(all, strings.Split(word, "")...)
		} else if word != "" {
			all = append(all, word)
		}
	}
	slices.Sort(all)
	return slices.Compact(all)
}

func unspaced(r rune) bool {
	return unicode.In(r, unicode.Han, unicode.Hiragana, unicode.Katakana, unicode.Hangul, unicode.Thai, unicode.Lao, unicode.Khmer, unicode.Myanmar)
}
