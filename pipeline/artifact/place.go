package artifact

import (
	"context"
	"errors"
	"fmt"
	"path"

	"pipe/pipeline"
	"pipe/specs"
)

// Place brings the staged file to name among the placed files. A reader sees
// the whole file or none, also after a loss of power. A file that has the name
// already is replaced; a name that Claim refuses is a *[pipeline.ProofError].
// The name must be as Name makes it.
func (s *Store) Place(ctx context.Context, f pipeline.Staged, name string) error {
	if err := s.place(ctx, f, name); err != nil {
		if refused := (*pipeline.ProofError)(nil); errors.As(err, &refused) {
			return refused
		}
		return fmt.Errorf("placing file %q: %w", name, err)
	}
	return nil
}

func (s *Store) place(ctx context.Context, f pipeline.Staged, name string) error {
	st, err := s.own(f)
	if err != nil {
		return err
	}
	safe, err := s.Name(name)
	if err != nil {
		return err
	}
	if safe != name {
		return fmt.Errorf("the name is not safe, %q is", safe)
	}
	if err := context.Cause(ctx); err != nil {
		return err
	}
	return st.settle(false, func(from closedFile) (string, error) {
		done, err := s.reserve(ctx, name)
		if err != nil {
			return "", err
		}
		at, err := s.backend.put(ctx, from, name)
		done(err == nil)
		return at, err
	})
}

// Claim makes sure that the files of one item can have these names: that no
// other file has one of them, or one that some file system takes for the same,
// as Report.pdf and report.pdf, or needs it for a folder. A file that has the
// very name will be replaced; whose it is, the ledger knows. The error is a
// *[pipeline.ProofError] when a name cannot be had.
func (s *Store) Claim(ctx context.Context, names ...string) error {
	s.placing.Lock()
	defer s.placing.Unlock()
	for i, name := range names {
		for _, other := range names[:i] {
			if specs.FoldName(other) == specs.FoldName(name) {
				return refuse("is to be named %q, and another of the same item %q: make the two `as` differ", name, other)
			}
		}
		if err := s.free(ctx, name); err != nil {
			return err
		}
	}
	return nil
}

// List finds out which names are taken, by what is in place now. Until it is called the
// first Claim or Place does so.
func (s *Store) List(ctx context.Context) error {
	s.placing.Lock()
	defer s.placing.Unlock()
	before := s.names
	s.names = nil
	err := s.readNames(ctx)
	if before != nil && err == nil {
		s.names.busy = before.busy
	}
	return err
}

// Know tells of files that others have placed since: their names are taken.
func (s *Store) Know(ctx context.Context, names ...string) error {
	s.placing.Lock()
	defer s.placing.Unlock()
	if err := s.readNames(ctx); err != nil {
		return err
	}
	for _, name := range names {
		s.names.note(name)
	}
	return nil
}

// free fails when another file is in the way of a name.
func (s *Store) free(ctx context.Context, name string) error {
	if err := s.readNames(ctx); err != nil {
		return err
	}
	other, err := s.standing(ctx, name)
	switch {
	case err != nil:
		return err
	case other != "" && other != name:
		return refuse("is to be named %q, which is the same as %q but for upper and lower case or the way its letters are written: "+
			"use something in `as` that sets the two apart", name, other)
	case s.names.folders[specs.FoldName(name)]:
		return refuse("is to be named %q, and there is a folder of that name: give it an ending in `as`", name)
	}
	for dir := path.Dir(name); dir != "."; dir = path.Dir(dir) {
		other, err := s.standing(ctx, dir)
		if err != nil {
			return err
		}
		if other != "" {
			return refuse("is to be named %q, and %q is a file and no folder: use another name in `as`", name, other)
		}
	}
	return nil
}

// reserve keeps a name for a file that is being placed; done tells whether it
// was.
func (s *Store) reserve(ctx context.Context, name string) (done func(placed bool), err error) {
	s.placing.Lock()
	defer s.placing.Unlock()
	if err := s.free(ctx, name); err != nil {
		return nil, err
	}
	folded := specs.FoldName(name)
	t := s.names.busy[folded]
	if t == nil {
		t = &reservedName{name: name}
		s.names.busy[folded] = t
	}
	t.busy++
	return func(placed bool) {
		s.placing.Lock()
		defer s.placing.Unlock()
		if t.busy--; t.busy == 0 {
			delete(s.names.busy, folded)
		}
		if placed {
			s.names.note(name)
		}
	}, nil
}
