package capture

import (
	"context"
	"crypto/rand"
	_ "embed"
	"encoding/base64"
	"errors"
	"fmt"
	"io"
	"strings"

	"github.com/playwright-community/playwright-go"

	"pipe/pipeline/browser"
	"pipe/steps"
)

// hookCore notes the files that scripts make within a page, with its parts.
//
//go:embed hook.js
var hookCore string

//go:embed hook_print.js
var hookPrint string

//go:embed hook_save.js
var hookSave string

//go:embed hook_rest.js
var hookRest string

//go:embed hook_written.js
var hookWritten string

//go:embed hook_window.js
var hookWindow string

// hookKey names the hook in a page: no site can know it.
var hookKey = "pipe.files." + rand.Text()

// hook is the script that every document gets, and hooked how scripts of ours
// reach it.
var (
	hook   = "(() => {\nconst parts = [\n" + hookPrint + ",\n" + hookSave + ",\n" + hookWritten + ",\n" + hookRest + ",\n" + hookWindow + "];\n" + strings.ReplaceAll(hookCore, "pipe.files", hookKey) + "})();"
	hooked = "window[Symbol.for('" + hookKey + "')]"
)

// scriptBlob is a file that a script made in the page, or one that an element
// names which the browser does not ask for by itself.
type scriptBlob struct {
	l       *pageListener
	answers *answers         // those of its listening
	frame   playwright.Frame // that of the script
	// at is its place among what the page's hook has found, -1 what it holds.
	at                   int
	via, url, name, kind string
	size                 int
}

func (m *scriptBlob) refuse() {}

func (m *scriptBlob) take(ctx context.Context, w io.Writer) (steps.Receipt, error) {
	got := steps.Receipt{Via: m.via, Name: m.name, ContentType: m.kind, URL: steps.ShortURL(m.url), OpenEnd: m.answers.isOpen()}
	if m.url != "" {
		return got, errors.New("an address is to be fetched")
	}
	for from := 0; from < m.size; from += chunk {
		text, err := steps.CallWithin(ctx, browser.CallLimit, "reading the file from the page", func() (any, error) {
			return m.frame.Evaluate("([at, from, size]) => "+hooked+".read(at, from, size)", []any{m.at, from, chunk})
		})
		if err != nil {
			return got, err
		}
		data, err := base64.StdEncoding.DecodeString(browser.Text(text))
		if err != nil {
			return got, fmt.Errorf("reading the file from the page: %w", err)
		}
		if _, err := w.Write(data); err != nil {
			return got, err
		}
	}
	return got, m.answers.fault(int64(m.size))
}

// pageAddress is a blob: or data: address that the page holds.
type pageAddress struct {
	l   *pageListener
	url string
}

func (a *pageAddress) refuse() {}

func (a *pageAddress) take(ctx context.Context, w io.Writer) (steps.Receipt, error) {
	via, _, _ := strings.Cut(a.url, ":")
	frame := a.l.frameOf(a.url)
	found, err := steps.CallWithin(ctx, browser.CallLimit, "reading the page's "+via+": address", func() (any, error) {
		return frame.Evaluate("url => "+hooked+".hold(url)", a.url)
	})
	if err != nil {
		return steps.Receipt{}, err
	}
	f := browser.Fields(found)
	if f == nil {
		return steps.Receipt{}, fmt.Errorf("the page does not know its %s: address any more", via)
	}
	m := &scriptBlob{l: a.l, answers: a.l.lastAnswers(), frame: frame, at: -1, via: via, kind: browser.Text(f["type"]), size: browser.Number(f["size"])}
	return m.take(ctx, w)
}
