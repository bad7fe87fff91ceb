package evidence

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"iter"
	"os"
	"path"
	"strings"

	"pipe/pipeline"
)

// Dir is the folder of all evidence, below the output folder. The files that a run has
// refused lie in it directly; what is kept of failures is in folders of the runs.
const Dir = "evidence"

// file is one to be written.
type file struct {
	name string
	data []byte
}

// keyMost is how much of a key is in a folder's name: the number tells it from others.
const keyMost = 40

// folderName names the folder of a failure, below the output folder. What is not safe in
// a name on some system is not in it.
func folderName(run, number int64, key string, f pipeline.Failure) string {
	if f.Of != pipeline.EvidenceOfItem {
		key = string(f.Of)
	}
	safe := strings.Map(func(r rune) rune {
		switch {
		case r >= 'a' && r <= 'z', r >= 'A' && r <= 'Z', r >= '0' && r <= '9', r == '-':
			return r
		default:
			return '_'
		}
	}, key)
	name := fmt.Sprintf("%03d-%s", number, safe[:min(len(safe), keyMost)])
	if f.Attempt > 0 {
		name += fmt.Sprintf("-%d", f.Attempt)
	}
	return path.Join(Dir, fmt.Sprintf("run-%d", run), name)
}

// write writes the files of a folder, which their owner alone may read.
func write(root *os.Root, folder string, files []file) (all []pipeline.EvidenceFile, err error) {
	if err := root.MkdirAll(folder, 0o700); err != nil {
		return nil, fmt.Errorf("keeping evidence: %w", err)
	}
	for _, f := range files {
		if err := root.WriteFile(path.Join(folder, f.name), f.data, 0o600); err != nil {
			return nil, fmt.Errorf("keeping evidence: %w", err)
		}
		all = append(all, pipeline.EvidenceFile{Name: f.name, Size: int64(len(f.data))})
	}
	return all, nil
}

// Noted is a ledger that tells what evidence there is.
type Noted interface {
	Evidence(ctx context.Context, of pipeline.Of) iter.Seq2[pipeline.Evidence, error]
}

// Sweep removes the folders of which the ledger does not know: what a run has left that
// was killed while it wrote them. No run may be at work.
func Sweep(ctx context.Context, dir string, ledger Noted) error {
	root, err := os.OpenRoot(dir)
	if err != nil {
		return fmt.Errorf("looking for evidence that was left: %w", err)
	}
	defer func() { _ = root.Close() }() // nothing is written by it
	traces, err := fs.Glob(root.FS(), Dir+"/"+tracesDir)
	for _, folder := range traces {
		err = errors.Join(err, root.RemoveAll(folder))
	}
	if err != nil {
		return fmt.Errorf("removing a trace that was left: %w", err)
	}
	folders, err := fs.Glob(root.FS(), Dir+"/run-*/*")
	if err != nil || len(folders) == 0 {
		return err
	}
	known := map[string]bool{}
	for e, err := range ledger.Evidence(ctx, pipeline.Of{}) {
		if err != nil {
			return err
		}
		known[e.Folder] = true
	}
	for _, folder := range folders {
		if !known[folder] {
			err = errors.Join(err, root.RemoveAll(folder))
		}
	}
	if err != nil {
		return fmt.Errorf("removing evidence that was left: %w", err)
	}
	return nil
}
