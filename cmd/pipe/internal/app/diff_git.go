package app

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"os/exec"
	"path/filepath"
	"strings"
)

// gitRevision is the files of a repository as they were in a revision.
type gitRevision struct {
	ctx      context.Context
	revision string
}

// read gives a file of the repository that it stands in. The revision is no option of git's,
// whatever it begins with.
func (g gitRevision) read(path string) ([]byte, error) {
	if strings.HasPrefix(g.revision, "-") || strings.Contains(g.revision, ":") {
		return nil, fmt.Errorf("%q is no revision", g.revision)
	}
	dir, name := filepath.Split(filepath.Clean(path))
	//nolint:gosec // git itself, and a revision that is no option
	cmd := exec.CommandContext(g.ctx, "git", "-C", filepath.Join(".", dir), "show", g.revision+":./"+filepath.ToSlash(name))
	if filepath.IsAbs(dir) {
		cmd.Args[2] = dir
	}
	var complaint bytes.Buffer
	cmd.Stderr = &complaint
	src, err := cmd.Output()
	if errors.Is(err, exec.ErrNotFound) {
		return nil, errors.New("there is no git on this machine")
	}
	if err != nil {
		if said := strings.TrimSpace(complaint.String()); said != "" {
			return nil, fmt.Errorf("git: %s", strings.TrimPrefix(said, "fatal: "))
		}
		return nil, fmt.Errorf("git: %w", err)
	}
	return src, nil
}
