package file

import (
	"bufio"
	"bytes"
	"compress/gzip"
	"context"
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"iter"
	"strings"

	"golang.org/x/net/html/charset"

	"pipe/pipeline"
	"pipe/specs"
)

// sitemapDepth bounds how deep indexes of sitemaps lead to others; the protocol
// knows one level.
const sitemapDepth = 3

// sitemap reads the pages of a sitemap, and of those that it is an index of.
func sitemap(ctx context.Context, t pipeline.Table) iter.Seq2[Row, error] {
	return func(yield func(Row, error) bool) {
		s := &sitemaps{ctx: ctx, table: t, yield: yield}
		if err := s.read(t.Path, 0); err != nil && !errors.Is(err, errEnough) {
			yield(Row{}, fmt.Errorf("reading the sitemap: %w", err))
		}
	}
}

// errEnough ends the reading when nobody wants more rows.
var errEnough = errors.New("no more rows are wanted")

type sitemaps struct {
	ctx   context.Context //nolint:containedctx // it lives for one reading
	table pipeline.Table
	yield func(Row, error) bool
}

// entry is a <url> or a <sitemap>.
type entry struct {
	Loc        string `xml:"loc"`
	LastMod    string `xml:"lastmod"`
	ChangeFreq string `xml:"changefreq"`
	Priority   string `xml:"priority"`
}

func (s *sitemaps) read(path string, depth int) error {
	t := s.table
	t.Path = path
	r, err := bring(s.ctx, t)
	if err != nil {
		return err
	}
	defer func() { _ = r.Close() }()
	text, err := unzipped(r)
	if err != nil {
		return fmt.Errorf("%s: %w", plain(path), err)
	}
	dec := xml.NewDecoder(text)
	dec.CharsetReader = charset.NewReaderLabel
	known := false
	for {
		if err := context.Cause(s.ctx); err != nil {
			return err
		}
		token, err := dec.Token()
		if errors.Is(err, io.EOF) && known {
			return nil
		}
		if err != nil {
			return fmt.Errorf("this is no whole sitemap: %w", err)
		}
		start, ok := token.(xml.StartElement)
		if !ok {
			continue
		}
		switch start.Name.Local {
		case "urlset", "sitemapindex":
			known = true
		case "url", "sitemap":
			if err := s.entry(dec, start, path, depth); err != nil {
				return err
			}
		default:
			if !known {
				return fmt.Errorf("this is no sitemap: it begins with <%s>", start.Name.Local)
			}
		}
	}
}

func (s *sitemaps) entry(dec *xml.Decoder, start xml.StartElement, path string, depth int) error {
	line, _ := dec.InputPos()
	var e entry
	if err := dec.DecodeElement(&e, &start); err != nil {
		return err
	}
	path, _, _ = strings.Cut(path, "?") // what follows may be a secret
	if depth == 0 {
		path = "" // it is the source's own
	}
	loc := strings.TrimSpace(e.Loc)
	switch {
	case loc == "":
		return s.give(Row{}, &RowError{Line: line, File: path, Reason: "has no <loc>"})
	case start.Name.Local == "sitemap" && depth == sitemapDepth:
		return fmt.Errorf("the indexes lead deeper than %d levels, or in a circle", sitemapDepth)
	case start.Name.Local == "sitemap" && !remote(loc):
		return fmt.Errorf("line %d: the index leads to %q, which is no http or https address", line, specs.WithoutUser(loc))
	case start.Name.Local == "sitemap":
		return s.read(loc, depth+1)
	}
	return s.give(Row{Line: line, File: path, Fields: map[string]any{
		"loc": loc, "lastmod": strings.TrimSpace(e.LastMod), "changefreq": strings.TrimSpace(e.ChangeFreq), "priority": strings.TrimSpace(e.Priority),
	}}, nil)
}

func (s *sitemaps) give(row Row, err error) error {
	if !s.yield(row, err) {
		return errEnough
	}
	return nil
}

// unzipped reads gzip as what is in it.
func unzipped(r io.Reader) (io.Reader, error) {
	in := bufio.NewReader(r)
	head, err := in.Peek(2)
	if err != nil && !errors.Is(err, io.EOF) {
		return nil, err
	}
	if !bytes.Equal(head, []byte{0x1f, 0x8b}) {
		return in, nil
	}
	return gzip.NewReader(in)
}
