package capture

import "sync"

// answers are those of one listening of which a file may come by another way: as a
// download, or made by a script, of the page or of a tab that it writes. How they end
// is known from them alone.
type answers struct {
	mu sync.Mutex
	by map[string]paused
	// cut says by their addresses what was wrong with those to documents.
	cut map[string]error
	// open is true once a script was given a file of which nothing tells the end.
	open bool
	// bad says by their size why what scripts were given is no file.
	bad map[int64]error
	// broken is what was wrong with the last file that a script was given.
	broken error
}

func newAnswers() *answers {
	return &answers{by: map[string]paused{}, cut: map[string]error{}, bad: map[int64]error{}}
}

// note remembers an answer: to a document by its address, to a script that is no
// file by its size.
func (a *answers) note(req paused) {
	a.mu.Lock()
	defer a.mu.Unlock()
	size, known := measured(req)
	before := a.by[req.url]
	switch {
	case req.kind == "Document" && req.network != "" && before.network == req.network && !redirects(before):
		// It is held once more, and by now as we have let it go on.
	case req.kind == "Document":
		a.by[req.url] = req
		delete(a.cut, req.url)
	case known && size > 0 && partial(req):
		a.bad[size] = partError(req)
	case known && size > 0 && req.status >= 400:
		a.bad[size] = statusError(req)
	}
}

// fault tells why what a script has made is not the file: it had a part of it, or
// what it made is of the size of what it was given in its place.
func (a *answers) fault(size int64) error {
	a.mu.Lock()
	defer a.mu.Unlock()
	if a.broken != nil {
		return a.broken
	}
	return a.bad[size]
}

// given notes a file that a script or a frame was given, or the part of one.
func (a *answers) given(req paused, failed error) {
	a.mu.Lock()
	defer a.mu.Unlock()
	a.open = a.open || openEnded(req)
	a.broken = failed
	if req.kind == "Document" && failed != nil {
		a.cut[req.url] = failed
	}
}

// of gives the answer that a download is of, and what is known to be wrong with it.
func (a *answers) of(url string) (paused, error) {
	a.mu.Lock()
	defer a.mu.Unlock()
	return a.by[url], a.cut[url]
}

// isOpen tells whether what scripts make may be of a file without its end.
func (a *answers) isOpen() bool {
	a.mu.Lock()
	defer a.mu.Unlock()
	return a.open
}
