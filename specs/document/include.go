package document

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

// AbsolutePath tells whether a path is absolute, on this system or another.
func AbsolutePath(path string) bool {
	return filepath.IsAbs(path) || strings.HasPrefix(path, "/") || driveLetter.MatchString(path)
}

// Included is a file that the spec includes; root is nil when it is wrong.
type Included struct {
	Name string
	src  []byte
	Root *yaml.Node
}

// Resolve gives the name of a file that is included: its path is relative to
// the folder of the file that names it.
func (r *Reader) Resolve(path *yaml.Node) string {
	return filepath.Join(filepath.Dir(r.Pos(path).File), filepath.FromSlash(path.Value))
}

// Open reads a file that the spec includes, once. It is nil when it cannot be
// used, which is told.
func (r *Reader) Open(path *yaml.Node) *Included {
	ext := strings.ToLower(filepath.Ext(path.Value))
	switch {
	case path.Kind != yaml.ScalarNode || path.Tag == "!!null" || path.Value == "":
		r.Fault(path, "want the path of a file, not %s", Describe(path))
		return nil
	case strings.Contains(path.Value, "${{"):
		r.Fault(path, "the path of a file that is included has no expressions: it is read before they have values")
		return nil
	case AbsolutePath(path.Value):
		r.Fault(path, "the path is absolute: it is relative to the folder of the file that it stands in")
		return nil
	case ext != ".yaml" && ext != ".yml":
		r.Fault(path, "%q does not end in .yaml or .yml", Shorten(path.Value, 200))
		return nil
	}
	name := r.Resolve(path)
	file := r.Included[name]
	if file == nil {
		if len(r.all) == filesMost {
			r.Fault(path, "the spec includes over %d files", filesMost)
			return nil
		}
		file = &Included{Name: name}
		r.Included[name] = file
		r.all = append(r.all, file)
		r.take(file, path)
	}
	if file.Root == nil {
		return nil
	}
	return file
}

// take reads and parses a file.
func (r *Reader) take(file *Included, at *yaml.Node) {
	src, err := r.load(file.Name)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		r.Fault(at, "there is no file %s", filepath.ToSlash(file.Name))
		return
	case err != nil:
		var deep *os.PathError
		if errors.As(err, &deep) {
			err = deep.Err
		}
		r.Fault(at, "%s cannot be read: %v", filepath.ToSlash(file.Name), err)
		return
	}
	if r.size += len(src); r.size > MaxSize {
		r.Fault(at, "with %s the spec is over %d MB", filepath.ToSlash(file.Name), MaxSize>>20)
		return
	}
	file.src = src
	t := r.Texts.add(file.Name, src)
	path := r.Path
	r.Path = ""
	file.Root = r.Parse(t, src)
	r.Path = path
	shift(file.Root, t.base)
	if file.Root != nil && file.Root.Kind != yaml.SequenceNode && file.Root.Kind != yaml.MappingNode {
		r.Fault(at, "%s holds neither a list of steps nor a mapping of blocks and vars", filepath.ToSlash(file.Name))
		file.Root = nil
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

// Revision is the SHA-256 of the spec's bytes and of those of all files that it
// includes, with their paths from the spec's folder.
func (r *Reader) Revision(src []byte) string {
	sum := sha256.New()
	sum.Write(src)
	for _, file := range r.all {
		path, err := filepath.Rel(filepath.Dir(r.File), file.Name)
		if err != nil {
			path = file.Name
		}
		inner := sha256.Sum256(file.src)
		sum.Write([]byte("\x00" + filepath.ToSlash(path) + "\x00"))
		sum.Write(inner[:])
	}
	return hex.EncodeToString(sum.Sum(nil))
}
