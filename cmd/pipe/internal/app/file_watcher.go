package app

import (
	"errors"
	"fmt"
	"path/filepath"
	"sync"
	"time"

	"github.com/fsnotify/fsnotify"
)

// quietFor is how long files must be left alone after a change: editors save in
// several steps.
const quietFor = 100 * time.Millisecond

// watch tells when one of its files is saved, once for each time, however an
// editor does it: the folders are watched, for many put another file in its
// place.
type watch struct {
	// Saved ends when the watch is closed.
	Saved chan struct{}
	fs    *fsnotify.Watcher

	mu    sync.Mutex
	files map[string]bool
}

// WatchFiles starts to watch.
func WatchFiles(paths ...string) (*watch, error) {
	fs, err := fsnotify.NewWatcher()
	if err != nil {
		return nil, fmt.Errorf("watching the spec: %w", err)
	}
	w := &watch{Saved: make(chan struct{}, 1), fs: fs}
	if err := w.Follow(paths...); err != nil {
		return nil, errors.Join(err, fs.Close())
	}
	go w.run()
	return w, nil
}

// Follow has it watch these files from now on, in place of those before.
func (w *watch) Follow(paths ...string) error {
	files := make(map[string]bool, len(paths))
	for _, path := range paths {
		path, err := filepath.Abs(path)
		if err == nil {
			files[path] = true
			err = w.fs.Add(filepath.Dir(path)) // a second time it does nothing
		}
		if err != nil {
			return fmt.Errorf("watching the spec: %w", err)
		}
	}
	w.mu.Lock()
	defer w.mu.Unlock()
	w.files = files
	return nil
}

func (w *watch) follows(path string) bool {
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.files[filepath.Clean(path)]
}

func (w *watch) run() {
	defer close(w.Saved)
	quiet := time.NewTimer(quietFor)
	quiet.Stop()
	defer quiet.Stop()
	for {
		select {
		case e, open := <-w.fs.Events:
			if !open {
				return
			}
			if w.follows(e.Name) && e.Op&^fsnotify.Chmod != 0 {
				quiet.Reset(quietFor)
			}
		case _, open := <-w.fs.Errors:
			if !open {
				return
			}
			// Some events were lost, which may have been the files'.
			quiet.Reset(quietFor)
		case <-quiet.C:
			select {
			case w.Saved <- struct{}{}:
			default: // it is told already
			}
		}
	}
}

func (w *watch) Close() error { return w.fs.Close() }
