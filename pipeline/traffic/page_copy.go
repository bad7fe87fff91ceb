package traffic

import (
	"bytes"
	"encoding/base64"
	"errors"
	"fmt"
	"io"
	"mime"
	"mime/multipart"
	"net/http"
	"net/mail"
	"net/url"
	"strings"
	"time"
)

// still keeps a page that is a copy as it is: whatever runs in it would change it.
const still = "script-src 'none'; object-src 'none'; connect-src 'none'"

// ReadPageCopy makes an archive of the copy of a page, as MHTML, and gives the page's
// address: played, it is there again, with its frames and its styles.
func ReadPageCopy(r io.Reader) (a *Archive, address string, err error) {
	message, err := mail.ReadMessage(r)
	if err != nil {
		return nil, "", fmt.Errorf("reading the page's copy: %w", err)
	}
	_, params, err := mime.ParseMediaType(message.Header.Get("Content-Type"))
	if err != nil {
		return nil, "", fmt.Errorf("reading the page's copy: %w", err)
	}
	address = message.Header.Get("Snapshot-Content-Location")
	c := pageCopy{frames: map[string]string{}}
	for parts := multipart.NewReader(message.Body, params["boundary"]); ; {
		part, err := parts.NextPart()
		if errors.Is(err, io.EOF) {
			break
		}
		if err == nil {
			err = c.add(part, address)
		}
		if err != nil {
			return nil, "", fmt.Errorf("reading the page's copy: %w", err)
		}
	}
	if u, err := url.Parse(address); err != nil || u.Host == "" || len(c.exchanges) == 0 {
		return nil, "", fmt.Errorf("reading the page's copy: it is of no page with an address, but of %q", address)
	}
	return c.archive(), address, nil
}

// pageCopy is one that is read.
type pageCopy struct {
	exchanges []*Exchange
	// frames are the addresses of its frames, by what the page names them.
	frames map[string]string
}

func (c *pageCopy) add(part *multipart.Part, page string) error {
	var body io.Reader = part
	if strings.EqualFold(part.Header.Get("Content-Transfer-Encoding"), base64Encoding) {
		body = base64.NewDecoder(base64.StdEncoding, part)
	}
	content, err := io.ReadAll(io.LimitReader(body, bodyMost))
	if err != nil {
		return err
	}
	location := part.Header.Get("Content-Location")
	id := strings.Trim(part.Header.Get("Content-Id"), "<>")
	u, err := url.Parse(location)
	if len(c.exchanges) == 0 {
		u, err = url.Parse(page)
	}
	if err != nil || u.Host == "" {
		// A frame without an address, or something named by the page alone.
		of, err := url.Parse(page)
		if err != nil {
			return err
		}
		named := id
		if named == "" {
			named = location
		}
		u = &url.URL{Scheme: of.Scheme, Host: of.Host, Path: "/copied/" + named}
		if id == "" {
			c.frames[location] = u.String()
		}
	}
	u.Fragment = ""
	if id != "" {
		c.frames["cid:"+id] = u.String()
	}
	c.exchanges = append(c.exchanges, &Exchange{
		Started: time.Now(), Method: http.MethodGet, URL: u, RequestHeader: http.Header{}, Status: http.StatusOK, Length: true, Body: content,
		Header: http.Header{"Content-Type": {part.Header.Get("Content-Type")}, "Content-Security-Policy": {still}},
	})
	return nil
}

// archive puts the addresses of frames where the documents name them, and gives shadow
// roots the name that they have in a document.
func (c *pageCopy) archive() *Archive {
	pairs := []string{"<template shadowmode=", "<template shadowrootmode="}
	for name, address := range c.frames {
		pairs = append(pairs, name, address)
	}
	names := strings.NewReplacer(pairs...)
	a := &Archive{}
	for _, e := range c.exchanges {
		if strings.HasPrefix(e.Header.Get("Content-Type"), "text/") {
			e.Body = bytes.TrimSpace([]byte(names.Replace(string(e.Body))))
		}
		a.Add(e)
	}
	return a
}
