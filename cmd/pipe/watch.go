package main

import (
	"fmt"
	"path/filepath"
	"time"

	"github.com/fsnotify/fsnotify"
)

// quietFor is how long a file must be left alone after a change: editors save in
// several steps.
const quietFor = 100 * time.Millisecond

// watchFile tells when a file is saved, once for each time, however an editor
// does it: the folder is watched, for many put another file in its place. The
// channel ends when stop is called.
func watchFile(path string) (saved <-chan struct{}, stop func() error, err error) {
	path, err = filepath.Abs(path)
	if err != nil {
		return nil, nil, fmt.Errorf("watching the spec: %w", err)
	}
	w, err := fsnotify.NewWatcher()
	if err == nil {
		err = w.Add(filepath.Dir(path))
	}
	if err != nil {
		return nil, nil, fmt.Errorf("watching the spec: %w", err)
	}
	out := make(chan struct{}, 1)
	go func() {
		defer close(out)
		quiet := time.NewTimer(quietFor)
		quiet.Stop()
		defer quiet.Stop()
		for {
			select {
			case e, open := <-w.Events:
				if !open {
					return
				}
				if filepath.Clean(e.Name) == path && e.Op&^fsnotify.Chmod != 0 {
					quiet.Reset(quietFor)
				}
			case _, open := <-w.Errors:
				if !open {
					return
				}
				// Some events were lost, which may have been the file's.
				quiet.Reset(quietFor)
			case <-quiet.C:
				select {
				case out <- struct{}{}:
				default: // it is told already
				}
			}
		}
	}()
	return out, w.Close, nil
}
