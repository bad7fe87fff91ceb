package web

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"mime"
	"net/http"
	"net/url"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"pipe/pipeline"
)

// images are the types of files that a browser shows and that hold nothing to run.
var images = map[string]string{"png": "image/png", "jpeg": "image/jpeg", "jpg": "image/jpeg", "gif": "image/gif", "webp": "image/webp"}

// shownAs tells how a file is shown in a page, "" for one that is saved.
func shownAs(f pipeline.File) string {
	switch {
	case f.Type == "pdf":
		return "pdf"
	case images[f.Type] != "":
		return "image"
	default:
		return ""
	}
}

// serveFile gives a file of a done item. What is none by the ledger is not given,
// wherever it lies.
func (h *handler) serveFile(w http.ResponseWriter, r *http.Request) {
	spec, led, err := h.mustLedger(r)
	name := r.PathValue("name")
	var file pipeline.File
	if err == nil {
		file, err = fileOf(r, led, name)
	}
	var in io.ReadCloser
	if err == nil {
		in, err = spec.Kept.Open(r.Context(), name)
	}
	if err != nil {
		failFile(w, err)
		return
	}
	defer func() { _ = in.Close() }()
	switch shownAs(file) {
	case "pdf":
		// The browser's viewer shows it, which runs nothing in our origin and does not work
		// within a sandbox.
		show(w, "application/pdf", "frame-ancestors 'self'")
	case "image":
		show(w, images[file.Type], sandbox)
	default:
		save(w, filepath.Base(name))
	}
	send(w, r, in)
}

// sandbox is the policy of what a site has made: should a browser take it for a page, it
// runs nothing, loads nothing and is of no origin.
const sandbox = "sandbox; default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'self'"

// show has the browser show it as a type, and as nothing else.
func show(w http.ResponseWriter, contentType, policy string) {
	w.Header().Set("Content-Type", contentType)
	w.Header().Set("Content-Security-Policy", policy)
	w.Header().Set("Content-Disposition", "inline")
}

// save has the browser save it under a name.
func save(w http.ResponseWriter, name string) {
	w.Header().Set("Content-Type", "application/octet-stream")
	w.Header().Set("Content-Security-Policy", sandbox)
	disposition := mime.FormatMediaType("attachment", map[string]string{"filename": name})
	if disposition == "" {
		disposition = "attachment"
	}
	w.Header().Set("Content-Disposition", disposition)
}

// fileOf is what the ledger has of a file.
func fileOf(r *http.Request, led Ledger, name string) (file pipeline.File, err error) {
	key, err := led.Holder(r.Context(), name)
	if err != nil || key == "" {
		return file, errors.Join(err, fs.ErrNotExist)
	}
	rows, err := led.Standing(r.Context(), key)
	i := slices.IndexFunc(rows, func(row pipeline.FileRow) bool { return row.File.Name == name })
	if err == nil && i < 0 {
		return pipeline.File{Name: name}, nil // an older version: to save
	}
	if err != nil {
		return file, err
	}
	return rows[i].File, nil
}

// serveEvidence gives a file of what was kept of a failure: one that the ledger names.
func (h *handler) serveEvidence(w http.ResponseWriter, r *http.Request) {
	in, err := h.openEvidence(r)
	if err != nil {
		failFile(w, err)
		return
	}
	defer func() { _ = in.Close() }()
	switch name := r.PathValue("name"); name {
	case pipeline.EvidenceScreenshot:
		show(w, "image/png", sandbox)
	case pipeline.EvidenceMessages:
		show(w, "text/plain; charset=utf-8", sandbox)
	default:
		save(w, name)
	}
	send(w, r, in)
}

func (h *handler) openEvidence(r *http.Request) (io.ReadCloser, error) {
	spec, led, err := h.mustLedger(r)
	if err != nil {
		return nil, err
	}
	run, err := number(r, "run")
	if err != nil {
		return nil, err
	}
	for e, err := range led.Evidence(r.Context(), pipeline.Of{Run: run}) {
		if err != nil {
			return nil, err
		}
		if fmt.Sprint(e.Number) != r.PathValue("number") {
			continue
		}
		for _, f := range e.Files {
			if f.Name == r.PathValue("name") {
				return spec.Kept.OpenEvidence(e.Folder + "/" + f.Name)
			}
		}
	}
	return nil, fs.ErrNotExist
}

func failFile(w http.ResponseWriter, err error) {
	var status *statusError
	switch {
	case errors.As(err, &status):
		fail(w, status.status, status.text)
	case errors.Is(err, fs.ErrNotExist):
		fail(w, http.StatusNotFound, "there is no such file")
	default:
		fail(w, http.StatusInternalServerError, err.Error())
	}
}

// send writes a file, each part within a limit.
func send(w http.ResponseWriter, r *http.Request, in io.Reader) {
	control := http.NewResponseController(w)
	to := limited{w, func() error { return control.SetWriteDeadline(time.Now().Add(writeLimit)) }}
	if seeker, is := in.(io.ReadSeeker); is {
		http.ServeContent(to, r, "", time.Time{}, seeker)
		return
	}
	_, _ = io.Copy(to, in) // whoever has gone away needs no more
}

// limited gives each write a limit of its own.
type limited struct {
	http.ResponseWriter
	renew func() error
}

func (l limited) Write(p []byte) (int, error) {
	if err := l.renew(); err != nil {
		return 0, err
	}
	return l.ResponseWriter.Write(p)
}

// escaped is a file's name in an address.
func escaped(name string) string {
	parts := strings.Split(name, "/")
	for i, part := range parts {
		parts[i] = url.PathEscape(part)
	}
	return strings.Join(parts, "/")
}
