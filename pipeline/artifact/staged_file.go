package artifact

import (
	"context"
	"crypto/rand"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"hash"
	"os"
	"path"
	"strconv"
	"sync"

	"pipe/pipeline"
)

// errSettled tells that a staged file is no longer the caller's to use.
var errSettled = errors.New("the staged file is already placed, set aside or discarded")

// staged is a file below .staging/ until it is settled: placed, set aside or
// discarded.
type staged struct {
	store *Store

	mu      sync.Mutex
	file    *os.File // nil once closed
	name    string   // below the output folder, until it is settled
	at      string   // where it is once it is settled
	hash    hash.Hash
	size    int64
	err     error // the first failure of a write or the close
	settled bool
}

// Create opens an empty staged file. The error matches [syscall.ENOSPC] when
// the disk is full.
func (s *Store) Create(ctx context.Context) (pipeline.Staged, error) {
	if err := context.Cause(ctx); err != nil {
		return nil, fmt.Errorf("staging a file: %w", err)
	}
	name := path.Join(stagingDir, strconv.Itoa(os.Getpid())+"-"+rand.Text())
	// The user's umask decides who may read the file, as for any download.
	file, err := s.root.OpenFile(name, os.O_CREATE|os.O_EXCL|os.O_RDWR, 0o666)
	if err != nil {
		return nil, fmt.Errorf("staging a file: %w", diskError(err))
	}
	return &staged{store: s, file: file, name: name, hash: sha256.New()}, nil
}

// own tells a staged file of this store from any other.
func (s *Store) own(f pipeline.Staged) (*staged, error) {
	st, ok := f.(*staged)
	if !ok || st.store != s {
		return nil, errors.New("the staged file is of another store")
	}
	return st, nil
}

func (f *staged) Write(p []byte) (int, error) {
	f.mu.Lock()
	defer f.mu.Unlock()
	if f.err != nil {
		return 0, f.err
	}
	if f.file == nil {
		return 0, fmt.Errorf("writing staged file: %w", os.ErrClosed)
	}
	n, err := f.file.Write(p)
	f.hash.Write(p[:n])
	f.size += int64(n)
	if err != nil {
		f.err = fmt.Errorf("writing staged file: %w", diskError(err))
	}
	return n, f.err
}

// Close ends the writing. It returns the first error of any write too, so that
// a file with a hole cannot pass for a whole one.
func (f *staged) Close() error {
	f.mu.Lock()
	defer f.mu.Unlock()
	return f.close()
}

func (f *staged) close() error {
	if f.file != nil {
		if err := f.file.Close(); err != nil && f.err == nil {
			f.err = fmt.Errorf("closing staged file: %w", diskError(err))
		}
		f.file = nil
	}
	return f.err
}

func (f *staged) Size() int64 {
	f.mu.Lock()
	defer f.mu.Unlock()
	return f.size
}

func (f *staged) SHA256() string {
	f.mu.Lock()
	defer f.mu.Unlock()
	return hex.EncodeToString(f.hash.Sum(nil))
}

func (f *staged) Path() string {
	f.mu.Lock()
	defer f.mu.Unlock()
	if f.at != "" {
		return f.at
	}
	return f.store.path(f.name)
}

func (f *staged) Discard() {
	f.mu.Lock()
	defer f.mu.Unlock()
	if f.settled {
		return
	}
	f.settled = true
	// Whatever fails here is swept when the folder is opened again.
	_ = f.close()
	_ = f.store.root.Remove(f.name)
}

// settle closes the file and lets move bring it to where it stays, which move
// gives for people to read. A write that failed spoils it unless damaged files
// are welcome.
func (f *staged) settle(damaged bool, move func(from closedFile) (at string, err error)) error {
	f.mu.Lock()
	defer f.mu.Unlock()
	if f.settled {
		return errSettled
	}
	if err := f.close(); err != nil && !damaged {
		return err
	}
	at, err := move(closedFile{root: f.store.root, name: f.name, size: f.size, sha256: hex.EncodeToString(f.hash.Sum(nil))})
	if err != nil {
		return err
	}
	f.at, f.settled = at, true
	return nil
}
