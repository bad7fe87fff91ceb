package secret

import (
	"bufio"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"time"
)

// Store gives secrets by name, from a file or the environment, and takes
// them out of texts. It is safe for concurrent use.
type Store struct {
	env  func(string) (string, bool)
	file map[string]string

	mu   sync.Mutex
	used map[string]string
	// codes are secrets that are soon over, such as one-time codes.
	codes map[string]passing
	// redactor takes them out of texts; nil is to be made.
	redactor *Redactor
}

type passing struct {
	value string
	until time.Time
}

// New gives the secrets of the environment.
func New(env func(string) (string, bool)) *Store {
	return &Store{env: env, used: map[string]string{}, codes: map[string]passing{}}
}

// ReadFile adds the secrets of a file of NAME=value lines, which go before the
// environment's. Blank lines and lines that begin with # are passed over;
// quotes around a value are taken off.
func (s *Store) ReadFile(path string) error {
	f, err := os.Open(filepath.Clean(path))
	if err != nil {
		return fmt.Errorf("reading secrets: %w", err)
	}
	defer func() { _ = f.Close() }()
	s.file = map[string]string{}
	scan := bufio.NewScanner(f)
	for n := 1; scan.Scan(); n++ {
		line := strings.TrimSpace(scan.Text())
		if line == "" || strings.HasPrefix(line, "#") {
			continue
		}
		name, value, ok := strings.Cut(strings.TrimPrefix(line, "export "), "=")
		if !ok {
			return fmt.Errorf("reading secrets: %s:%d: want NAME=value", path, n)
		}
		value = strings.TrimSpace(value)
		if len(value) > 1 && (value[0] == '"' || value[0] == '\'') && value[len(value)-1] == value[0] {
			value = value[1 : len(value)-1]
		}
		s.file[strings.TrimSpace(name)] = value
	}
	if errors.Is(scan.Err(), bufio.ErrTooLong) {
		return fmt.Errorf("reading secrets: %s has a line of over 64 KB", path)
	}
	return scan.Err()
}

// Lookup gives a secret and remembers its value as one to be taken out.
func (s *Store) Lookup(name string) (string, bool) {
	value, ok := s.file[name]
	if !ok {
		value, ok = s.env(name)
	}
	if ok {
		s.mu.Lock()
		if before, known := s.used[name]; !known || before != value {
			s.used[name], s.redactor = value, nil
		}
		s.mu.Unlock()
	}
	return value, ok
}

// HideUntil adds a value that is to be taken out of texts until then.
func (s *Store) HideUntil(name, value string, until time.Time) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.codes[name], s.redactor = passing{value, until}, nil
}

// Values gives the secrets that have been looked up, by name.
func (s *Store) Values() map[string]any {
	s.mu.Lock()
	defer s.mu.Unlock()
	out := map[string]any{}
	for name, value := range s.used {
		out[name] = value
	}
	return out
}
