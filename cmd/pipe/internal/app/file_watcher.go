package app

import (
	"errors"
	"fmt"
	"path/filepath"
	"sync"
	"time"

	"github.com/fsnotify/fsnotify"
	"github.com/sourcegraph/conc"
)

// quietFor is how long files must be left alone after a change: editors save in
// several steps.
const quietFor = 100 * time.Millisecond

// FileWatcher tells when one of its files is saved, once for each time, however an
// editor does it: the folders are watched, for many put another file in its
// place.
type FileWatcher struct {
	// Saved ends when the watch is closed.
	Saved chan struct{}
	fs    *fsnotify.Watcher
	owned conc.WaitGroup

	mu    sync.Mutex
	files map[string]bool
}

// WatchFiles starts to watch, until Close.
func WatchFiles(paths ...string) (*FileWatcher, error) {
	fs, err := fsnotify.NewWatcher()
	if err != nil {
		return nil, fmt.Errorf("watching the spec: %w", err)
	}
	w := &FileWatcher{Saved: make(chan struct{}, 1), fs: fs}
	if err := w.Follow(paths...); err != nil {
		return nil, errors.Join(err, fs.Close())
	}
	w.owned.Go(w.run)
	return w, nil
}

// Follow has it watch these files from now on, in place of those before.
func (w *FileWatcher) Follow(paths ...string) error {
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

func (w *FileWatcher) follows(path string) bool {
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.files[filepath.Clean(path)]
}

func (w *FileWatcher) run() {
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

// Close ends the watch, and waits for that.
func (w *FileWatcher) Close() error {
	err := w.fs.Close()
	w.owned.Wait()
	return err
}
