package artifact

import (
	"context"
	"errors"
	"fmt"
	"os"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"

	"pipe/pipeline"
)

// Prove reads a staged file, which it closes, and tells what it is. The checks
// go from the plainest to the finest, so that the reason names what a person
// would name first: empty, another type, the size, cut off, pages, text. An
// error that is no *[pipeline.ProofError] says nothing about the file.
func (s *Store) Prove(ctx context.Context, f pipeline.Staged, want pipeline.Expectation) (pipeline.Proof, error) {
	st, err := s.own(f)
	if err != nil {
		return pipeline.Proof{}, fmt.Errorf("proving file: %w", err)
	}
	if err := st.Close(); err != nil {
		return pipeline.Proof{}, fmt.Errorf("proving file: %w", err)
	}
	st.mu.Lock()
	name, size := st.name, st.size
	st.mu.Unlock()
	file, err := s.root.Open(name)
	if err != nil {
		return pipeline.Proof{}, fmt.Errorf("proving file: %w", err)
	}
	defer func() { _ = file.Close() }() // only read: nothing can be lost
	return s.examine(ctx, file, size, want)
}

// Examine proves a file that is not staged, which stays open.
func (s *Store) Examine(ctx context.Context, file *os.File, want pipeline.Expectation) (pipeline.Proof, error) {
	info, err := file.Stat()
	if err != nil {
		return pipeline.Proof{}, fmt.Errorf("proving file: %w", err)
	}
	return s.examine(ctx, file, info.Size(), want)
}

// examine proves an open file.
func (s *Store) examine(ctx context.Context, file readerAt, size int64, want pipeline.Expectation) (pipeline.Proof, error) {
	sub := &subject{file: file, size: size, pdf: s.pdf, limit: s.opts.ReadTimeout}
	proof, err := sub.prove(ctx, want)
	if err != nil {
		if failed := (*pipeline.ProofError)(nil); errors.As(err, &failed) {
			return pipeline.Proof{}, failed
		}
		return pipeline.Proof{}, fmt.Errorf("proving file: %w", err)
	}
	return proof, nil
}

func (f *subject) prove(ctx context.Context, want pipeline.Expectation) (pipeline.Proof, error) {
	if f.size == 0 {
		return pipeline.Proof{}, fail("size", "is empty")
	}
	var err error
	if f.content, err = detectContent(f.file); err != nil {
		return pipeline.Proof{}, err
	}
	whole := f.openArchive()
	if err := f.checkType(want.Type); err != nil {
		return pipeline.Proof{}, err
	}
	if f.blank && want.Type != typeAny {
		return pipeline.Proof{}, fail("size", "is blank: %d bytes of white space", f.size)
	}
	if want.Type == typeCSV {
		f.kind, f.rows = typeCSV, true
	}
	if err := f.checkSize(want); err != nil {
		return pipeline.Proof{}, err
	}
	if whole != nil {
		return pipeline.Proof{}, whole
	}
	if err := f.read(ctx); err != nil {
		return pipeline.Proof{}, err
	}
	if want.Type == typeHTML && !f.ends {
		return pipeline.Proof{}, fail("whole", "is cut off: %s without its end (</html>)", f.desc)
	}
	if want.OpenEnd && f.endless() {
		return pipeline.Proof{}, fail("whole", "may be cut off: %s, and the site closed the connection without having said where it ends (if it always does so, say open_end: true)", f.desc)
	}
	if err := f.checkPages(want); err != nil {
		return pipeline.Proof{}, err
	}
	if err := f.checkText(want); err != nil {
		return pipeline.Proof{}, err
	}
	what := f.desc
	if f.unread != "" {
		what = f.unread
	}
	return pipeline.Proof{Type: f.kind, Pages: f.pages, Text: f.text, HasText: f.hasText, What: what}, nil
}

func (f *subject) checkType(want string) error {
	ok, err := f.is(want)
	if err != nil || ok {
		return err
	}
	switch {
	case f.class == ownViewerPage:
		return fail("type", "is %s, not the PDF", f.desc)
	case want == "":
		return fail("type", "is %s, not the expected file", f.desc)
	case want == typeHTML && f.kind == typeHTML:
		return fail("type", "is %s, not the expected page", f.desc)
	}
	return fail("type", "is %s, not %s", f.desc, noun(want))
}

func (f *subject) checkSize(want pipeline.Expectation) error {
	switch {
	case want.MinSize > 0 && f.size < want.MinSize:
		return fail("size", "is %s of %d bytes, less than the %d expected", f.desc, f.size, want.MinSize)
	case want.MaxSize > 0 && f.size > want.MaxSize:
		return fail("size", "is %s of %d bytes, more than the %d expected", f.desc, f.size, want.MaxSize)
	}
	return nil
}

func (f *subject) checkPages(want pipeline.Expectation) error {
	if want.MinPages <= 0 && want.MaxPages <= 0 {
		return nil
	}
	switch {
	case f.unread != "":
		return fail("pages", "is %s: its pages cannot be counted", f.unread)
	case f.kind != typePDF:
		return fail("pages", "is %s, which has no pages to count", f.desc)
	case f.pages < want.MinPages:
		return fail("pages", "is %s, fewer than the %d expected", f.desc, want.MinPages)
	case want.MaxPages > 0 && f.pages > want.MaxPages:
		return fail("pages", "is %s, more than the %d expected", f.desc, want.MaxPages)
	}
	return nil
}

func (f *subject) checkText(want pipeline.Expectation) error {
	if len(want.Contains) == 0 && len(want.NotContains) == 0 {
		return nil
	}
	check, texts := "contains", want.Contains
	if len(texts) == 0 {
		check, texts = "not_contains", want.NotContains
	}
	switch {
	case f.unread != "":
		return fail(check, "is %s: its text cannot be searched for %s; prove it without %s, by min_size or matches", f.unread, quoteAll(texts), check)
	case !f.hasText:
		return fail(check, "is %s, whose text cannot be searched for %s", f.desc, quoteAll(texts))
	}
	text := f.text
	if f.kind == typeHTML {
		text = shownText(f.text)
	}
	hay := newHaystack(text, f.kind == typeCSV || f.kind == typeJSON)
	if err := f.checkContains(hay, want); err != nil {
		return err
	}
	for _, text := range want.NotContains {
		if len(splitWords(text)) == 0 {
			return fail("not_contains", "cannot be proved: a text that it must not contain is empty")
		}
		if hay.mentions(text) || f.kind == typeHTML && newHaystack(f.text, false).mentions(text) {
			return fail("not_contains", "is %s with %q in its text", f.desc, text)
		}
	}
	if f.cut && len(want.NotContains) > 0 {
		return fail("not_contains", "is %s with more text than the first %d KiB that are searched for %s",
			f.desc, maxText>>10, quoteAll(want.NotContains))
	}
	return nil
}

func (f *subject) checkContains(hay *haystack, want pipeline.Expectation) error {
	var missing []string
	for _, text := range want.Contains {
		// An empty text is in every file: it would prove nothing.
		if len(splitWords(text)) == 0 {
			return fail("contains", "cannot be proved: a text that it must contain is empty")
		}
		if !hay.contains(text, want.Others[text]) {
			missing = append(missing, text)
		}
	}
	if len(missing) == 0 {
		return nil
	}
	what := f.desc
	switch {
	case hay.blank() && f.scanned:
		return fail("contains", "is %s without any text: it is a scan, in which %s cannot be found; prove it without contains, by pages, min_size or matches",
			f.desc, quoteAll(missing))
	case hay.blank():
		return fail("contains", "is %s without any text (a scan?), so without %s", f.desc, quoteAll(missing))
	case illegible(f.text):
		what += ", whose fonts do not tell their letters,"
	}
	where := "in its text"
	if f.cut {
		where = fmt.Sprintf("in the first %d KiB of its text", maxText>>10)
	}
	for _, text := range missing {
		if f.kind == typeHTML && newHaystack(f.text, false).contains(text, nil) {
			return fail("contains", "is %s without %s %s; its source has it where nobody reads it", what, quoteAll(missing), where)
		}
		if near := hay.nearMiss(text, want.Others[text]); near != "" {
			return fail("contains", "is %s without %s %s; %s", what, quoteAll(missing), where, near)
		}
	}
	return fail("contains", "is %s without %s %s", what, quoteAll(missing), where)
}

// illegible tells the text of a PDF whose fonts have pictures of letters alone.
func illegible(text string) bool {
	odd, all := 0, 0
	for _, r := range text {
		switch {
		case r == utf8.RuneError, unicode.Is(unicode.Co, r), unicode.IsControl(r) && !unicode.IsSpace(r):
			odd++
			all++
		case !unicode.IsSpace(r):
			all++
		}
	}
	return odd > all/3
}

func quoteAll(texts []string) string {
	quoted := make([]string, len(texts))
	for i, text := range texts {
		quoted[i] = strconv.Quote(text)
	}
	return strings.Join(quoted, " and ")
}
