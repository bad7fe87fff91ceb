package app

import (
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/bmatcuk/doublestar/v4"
)

// SpecPaths gives the specs that arguments name: files, folders, patterns.
func SpecPaths(args []string) ([]string, error) {
	var paths []string
	for _, arg := range args {
		found := []string{arg}
		if _, err := os.Stat(arg); err != nil && strings.ContainsAny(arg, "*?[{") {
			if found, err = doublestar.FilepathGlob(arg, doublestar.WithNoHidden()); err != nil {
				return nil, fmt.Errorf("the pattern %s: %w", arg, err)
			}
			if len(found) == 0 {
				return nil, fmt.Errorf("nothing matches %s", arg)
			}
		}
		for _, path := range found {
			info, err := os.Stat(path)
			if err != nil || !info.IsDir() {
				paths = append(paths, path) // what cannot be read is told where it is read
				continue
			}
			inside, err := specsIn(path)
			if err != nil {
				return nil, err
			}
			paths = append(paths, inside...)
		}
	}
	seen := map[string]bool{}
	return slices.DeleteFunc(paths, func(path string) bool {
		again := seen[filepath.Clean(path)]
		seen[filepath.Clean(path)] = true
		return again
	}), nil
}

// specsIn gives the specs of a folder and of those below, but for hidden ones.
func specsIn(dir string) ([]string, error) {
	var paths []string
	err := filepath.WalkDir(dir, func(path string, d fs.DirEntry, err error) error {
		switch {
		case err != nil:
			return err
		case d.IsDir() && path != dir && (strings.HasPrefix(d.Name(), ".") || d.Name() == "node_modules"):
			return fs.SkipDir
		case d.Type().IsRegular() && isSpecName(d.Name()):
			paths = append(paths, path)
		}
		return nil
	})
	if err != nil {
		return nil, fmt.Errorf("looking for specs: %w", err)
	}
	if len(paths) == 0 {
		return nil, fmt.Errorf("there are no specs in %s: no file's name ends in .yaml or .yml", dir)
	}
	return paths, nil
}

func isSpecName(name string) bool {
	return slices.Contains([]string{".yaml", ".yml"}, strings.ToLower(filepath.Ext(name)))
}
