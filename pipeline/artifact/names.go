package artifact

import (
	"context"
	"hash/maphash"
	"path"

	"pipe/specs"
)

// nameSet knows which names are taken, by two numbers each: there may be a million.
type nameSet struct {
	seed maphash.Seed
	// placed has for each name, as file systems may take it for the same as others,
	// which one it is.
	placed map[uint64]uint64
	// folders are those that the files are in, folded, busy the names that files are
	// being placed under, by their folded form.
	folders map[string]bool
	busy    map[string]*reservedName
}

// reservedName is a name that a file is being placed under, or was.
type reservedName struct {
	name string
	busy int
}

func newNameSet() *nameSet {
	return &nameSet{seed: maphash.MakeSeed(), placed: map[uint64]uint64{}, folders: map[string]bool{}, busy: map[string]*reservedName{}}
}

func (n *nameSet) hash(name string) uint64 { return maphash.String(n.seed, name) }

// note remembers a file that is in place, and the folders that it is in.
func (n *nameSet) note(name string) {
	n.placed[n.hash(specs.FoldName(name))] = n.hash(name)
	for dir := path.Dir(name); dir != "."; dir = path.Dir(dir) {
		n.folders[specs.FoldName(dir)] = true
	}
}

// has tells whether a name may be taken, and whether it is by the very name.
func (n *nameSet) has(name string) (taken, same bool) {
	as, taken := n.placed[n.hash(specs.FoldName(name))]
	return taken, as == n.hash(name)
}

// forget takes back that a file of this very name is in place.
func (n *nameSet) forget(name string) {
	if _, same := n.has(name); same {
		delete(n.placed, n.hash(specs.FoldName(name)))
	}
}

// readNames lists what earlier runs placed, once.
func (s *Store) readNames(ctx context.Context) error {
	if s.names != nil {
		return nil
	}
	names := newNameSet()
	for placed, err := range s.backend.list(ctx) {
		if err != nil {
			return err
		}
		names.note(placed.Name)
	}
	s.names = names
	return nil
}

// standing gives the file that has a name, but for its case and its form, or "".
func (s *Store) standing(ctx context.Context, name string) (string, error) {
	if t := s.names.busy[specs.FoldName(name)]; t != nil {
		return t.name, nil
	}
	switch taken, same := s.names.has(name); {
	case same:
		return name, nil
	case !taken:
		return "", nil
	}
	// Which one it is the list tells: this comes to pass once, if at all.
	folded := specs.FoldName(name)
	for placed, err := range s.backend.list(ctx) {
		if err != nil {
			return "", err
		}
		if specs.FoldName(placed.Name) == folded {
			return placed.Name, nil
		}
	}
	return "", nil // somebody removed it since
}
