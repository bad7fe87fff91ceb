package specs

import (
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"strings"

	"gopkg.in/yaml.v3"
)

var driveLetter = regexp.MustCompile(`^[A-Za-z]:`)

// absolutePath tells whether a path is absolute, on this system or another.
func absolutePath(path string) bool {
	return filepath.IsAbs(path) || strings.HasPrefix(path, "/") || driveLetter.MatchString(path)
}

// included is a file that the spec includes; root is nil when it is wrong.
type included struct {
	name string
	src  []byte
	root *yaml.Node
}

// resolve gives the name of a file that is included: its path is relative to
// the folder of the file that names it.
func (r *reader) resolve(path *yaml.Node) string {
	return filepath.Join(filepath.Dir(r.pos(path).File), filepath.FromSlash(path.Value))
}

// open reads a file that the spec includes, once. It is nil when it cannot be
// used, which is told.
func (r *reader) open(path *yaml.Node) *included {
	ext := strings.ToLower(filepath.Ext(path.Value))
	switch {
	case path.Kind != yaml.ScalarNode || path.Tag == "!!null" || path.Value == "":
		r.fault(path, "want the path of a file, not %s", describe(path))
		return nil
	case strings.Contains(path.Value, "${{"):
		r.fault(path, "the path of a file that is included has no expressions: it is read before they have values")
		return nil
	case absolutePath(path.Value):
		r.fault(path, "the path is absolute: it is relative to the folder of the file that it stands in")
		return nil
	case ext != ".yaml" && ext != ".yml":
		r.fault(path, "%q does not end in .yaml or .yml", short(path.Value, 200))
		return nil
	}
	name := r.resolve(path)
	file := r.files[name]
	if file == nil {
		if len(r.all) == filesMost {
			r.fault(path, "the spec includes over %d files", filesMost)
			return nil
		}
		file = &included{name: name}
		r.files[name] = file
		r.all = append(r.all, file)
		r.take(file, path)
	}
	if file.root == nil {
		return nil
	}
	return file
}

// take reads and parses a file.
func (r *reader) take(file *included, at *yaml.Node) {
	src, err := r.load(file.name)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		r.fault(at, "there is no file %s", filepath.ToSlash(file.name))
		return
	case err != nil:
		var deep *os.PathError
		if errors.As(err, &deep) {
			err = deep.Err
		}
		r.fault(at, "%s cannot be read: %v", filepath.ToSlash(file.name), err)
		return
	}
	if r.size += len(src); r.size > maxSpec {
		r.fault(at, "with %s the spec is over %d MB", filepath.ToSlash(file.name), maxSpec>>20)
		return
	}
	file.src = src
	t := r.texts.add(file.name, src)
	path := r.path
	r.path = ""
	file.root = r.parse(t, src)
	r.path = path
	shift(file.root, t.base)
	if file.root != nil && file.root.Kind != yaml.SequenceNode && file.root.Kind != yaml.MappingNode {
		r.fault(at, "%s holds neither a list of steps nor a mapping of blocks and vars", filepath.ToSlash(file.name))
		file.root = nil
	}
}

// shift counts the lines of a file on from those before it.
func shift(n *yaml.Node, by int) {
	if n == nil {
		return
	}
	n.Line += by
	for _, c := range n.Content {
		shift(c, by)
	}
}

// revision is the SHA-256 of the spec's bytes and of those of all files that it
// includes, with their paths from the spec's folder.
func (r *reader) revision(src []byte) string {
	sum := sha256.New()
	sum.Write(src)
	for _, file := range r.all {
		path, err := filepath.Rel(filepath.Dir(r.file), file.name)
		if err != nil {
			path = file.name
		}
		inner := sha256.Sum256(file.src)
		sum.Write([]byte("\x00" + filepath.ToSlash(path) + "\x00"))
		sum.Write(inner[:])
	}
	return hex.EncodeToString(sum.Sum(nil))
}
