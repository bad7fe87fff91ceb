package app

import (
	"context"
	"errors"
	"fmt"
	"path/filepath"
	"strings"
	"time"

	"github.com/fsnotify/fsnotify"

	"pipe/pipeline/report/web"
)

// ledgersTold is the most often that changes of a ledger are told: a run makes many.
const ledgersTold = time.Second

// ledgerWatch tells pages of what changes in ledgers, whichever process writes them.
type ledgerWatch struct {
	fs *fsnotify.Watcher
	// live are told, by the folders of their ledgers.
	live map[string]*web.Live
}

// watchLedgers begins to watch the output folders; those that are not there yet are
// waited for in the folder that they are to be in.
func watchLedgers(live map[string]*web.Live) (*ledgerWatch, error) {
	fs, err := fsnotify.NewWatcher()
	if err != nil {
		return nil, fmt.Errorf("watching the ledgers: %w", err)
	}
	w := &ledgerWatch{fs: fs, live: live}
	for dir := range live {
		w.add(dir)
	}
	return w, nil
}

// add watches a folder, or the nearest one above it that is there.
func (w *ledgerWatch) add(dir string) {
	for w.fs.Add(dir) != nil {
		up := filepath.Dir(dir)
		if up == dir {
			return
		}
		dir = up
	}
}

// run tells of changes until the context ends.
func (w *ledgerWatch) run(ctx context.Context) error {
	changed := map[*web.Live]bool{}
	// The first change is told soon, those behind it together.
	soon := time.NewTimer(ledgersTold)
	soon.Stop()
	defer soon.Stop()
	for waiting := false; ; {
		select {
		case e := <-w.fs.Events:
			if live := w.of(e); live != nil {
				changed[live] = true
			}
		case _, open := <-w.fs.Errors:
			if !open {
				return nil
			}
			// Some events were lost, which may have been anybody's.
			for _, live := range w.live {
				changed[live] = true
			}
		case <-soon.C:
			waiting = false
			for live := range changed {
				live.Changed()
			}
			clear(changed)
		case <-ctx.Done():
			return w.fs.Close()
		}
		if len(changed) > 0 && !waiting {
			waiting = true
			soon.Reset(ledgersTold)
		}
	}
}

// of is whose ledger an event is of; nil for nobody's.
func (w *ledgerWatch) of(e fsnotify.Event) *web.Live {
	if live := w.live[e.Name]; live != nil && e.Has(fsnotify.Remove) {
		w.add(e.Name) // it may come again
		return live
	}
	dir, name := filepath.Split(e.Name)
	if live := w.live[filepath.Clean(dir)]; live != nil {
		if strings.HasPrefix(name, ledgerFile) && !strings.HasSuffix(name, "-shm") && e.Op&^fsnotify.Chmod != 0 {
			return live
		}
		return nil
	}
	if e.Has(fsnotify.Create) {
		for want, live := range w.live {
			if want == e.Name || strings.HasPrefix(want, e.Name+string(filepath.Separator)) {
				w.add(want)
				return live
			}
		}
	}
	return nil
}

var errNoSpecs = errors.New("there is no spec to serve: name one, or a folder of them")
