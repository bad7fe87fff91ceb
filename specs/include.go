package specs

import (
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"gopkg.in/yaml.v3"
)

// Shared is a file of blocks and vars that specs include at their top.
type Shared struct {
	Include []string `yaml:"include" doc:"more such files"`
	Blocks  Blocks   `yaml:"blocks" doc:"lists of steps by name"`
	Vars    Vars     `yaml:"vars" scope:"spec" doc:"values for expressions"`
}

// parts are what a spec is made of besides its own sections.
type parts struct {
	blocks map[string]*block
	// names are those of the blocks, in order.
	names []string
	// vars are the keys and values that included files bring.
	vars []*yaml.Node
	// files are those that are included, by their names; all has them in order.
	files map[string]*included
	all   []*included
	read  func(path string) ([]byte, error)
	// size is how many bytes all files have.
	size int
	// chain is what the decoder is within, told what is in a cycle that is told.
	chain []link
	told  map[link]bool
	// open is true for a part by itself, which may name what only the specs
	// know that include it; lax when the files are not read.
	open, lax bool
}

// included is a file that the spec includes; root is nil when it is wrong.
type included struct {
	name string
	src  []byte
	root *yaml.Node
}

func newParts(read func(string) ([]byte, error), size int) parts {
	if read == nil {
		read = ReadFile
	}
	return parts{blocks: map[string]*block{}, files: map[string]*included{}, told: map[link]bool{}, read: read, size: size}
}

// collect takes in the blocks and vars that a spec, or a file that it includes,
// has and includes. What a spec has itself goes before.
func (d *decoder) collect(root *yaml.Node, own bool) {
	if blocks := find(root, "blocks"); blocks != root {
		d.readBlocks(blocks, own)
	}
	if vars := find(root, "vars"); vars != root && !own {
		d.shareVars(vars)
	}
	list := find(root, "include")
	if list == root || d.parts.lax {
		return
	}
	paths := []*yaml.Node{list}
	if list.Kind == yaml.SequenceNode {
		paths = list.Content
	}
	for _, path := range paths {
		d.path = "include"
		if path.Kind == yaml.ScalarNode && path.Tag != "!!null" {
			d.collectFrom(path)
		}
	}
}

func (d *decoder) shareVars(vars *yaml.Node) {
	d.path = "vars"
	if vars.Kind != yaml.MappingNode {
		d.fault(vars, "want a mapping of names to values, not %s", describe(vars))
		return
	}
	for key, value := range d.pairs(vars) {
		d.parts.vars = append(d.parts.vars, key, value)
	}
}

func (d *decoder) collectFrom(path *yaml.Node) {
	l := link{"the file includes", d.resolve(path)}
	before := d.parts.files[l.name]
	file := d.open(path)
	if file == nil || before != nil && !slices.Contains(d.parts.chain, l) {
		return // it is in already
	}
	if file.root.Kind != yaml.MappingNode {
		d.fault(path, "%s is a list of steps: include it where they are to run; at the top stand files of blocks and vars", file.name)
		return
	}
	chain := d.parts.chain
	if i := slices.Index(chain, l); i >= 0 {
		var way []string
		for _, each := range append(chain[i:len(chain):len(chain)], l) {
			way = append(way, each.name)
		}
		d.fault(path, "%s itself: %s", l.does, strings.Join(way, " → "))
		return
	}
	known := []string{"include", "blocks", "vars"}
	for key := range d.pairs(file.root) {
		if !slices.Contains(known, key.Value) {
			d.path = ""
			d.fault(key, "a file that is included has include, blocks and vars, and no %q%s", short(key.Value, 60), suggest(key.Value, known))
		}
	}
	d.parts.chain = append(d.parts.chain, l)
	d.collect(file.root, false)
	d.parts.chain = chain
}

// resolve gives the name of a file that is included: its path is relative to
// the folder of the file that names it.
func (d *decoder) resolve(path *yaml.Node) string {
	return filepath.Join(filepath.Dir(d.pos(path).File), filepath.FromSlash(path.Value))
}

// open reads a file that the spec includes, once. It is nil when it cannot be
// used, which is told.
func (d *decoder) open(path *yaml.Node) *included {
	ext := strings.ToLower(filepath.Ext(path.Value))
	switch {
	case path.Kind != yaml.ScalarNode || path.Tag == "!!null" || path.Value == "":
		d.fault(path, "want the path of a file, not %s", describe(path))
		return nil
	case strings.Contains(path.Value, "${{"):
		d.fault(path, "the path of a file that is included has no expressions: it is read before they have values")
		return nil
	case filepath.IsAbs(path.Value) || strings.HasPrefix(path.Value, "/") || drive.MatchString(path.Value):
		d.fault(path, "the path is absolute: it is relative to the folder of the file that it stands in")
		return nil
	case ext != ".yaml" && ext != ".yml":
		d.fault(path, "%q does not end in .yaml or .yml", short(path.Value, 200))
		return nil
	}
	name := d.resolve(path)
	file := d.parts.files[name]
	if file == nil {
		if len(d.parts.all) == filesMost {
			d.fault(path, "the spec includes over %d files", filesMost)
			return nil
		}
		file = &included{name: name}
		d.parts.files[name] = file
		d.parts.all = append(d.parts.all, file)
		d.take(file, path)
	}
	if file.root == nil {
		return nil
	}
	return file
}

// take reads and parses a file.
func (d *decoder) take(file *included, at *yaml.Node) {
	src, err := d.parts.read(file.name)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		d.fault(at, "there is no file %s", filepath.ToSlash(file.name))
		return
	case err != nil:
		var deep *os.PathError
		if errors.As(err, &deep) {
			err = deep.Err
		}
		d.fault(at, "%s cannot be read: %v", filepath.ToSlash(file.name), err)
		return
	}
	if d.parts.size += len(src); d.parts.size > maxSpec {
		d.fault(at, "with %s the spec is over %d MB", filepath.ToSlash(file.name), maxSpec>>20)
		return
	}
	file.src = src
	t := d.texts.add(file.name, src)
	path := d.path
	d.path = ""
	file.root = d.parse(t, src)
	d.path = path
	shift(file.root, t.base)
	if file.root != nil && file.root.Kind != yaml.SequenceNode && file.root.Kind != yaml.MappingNode {
		d.fault(at, "%s holds neither a list of steps nor a mapping of blocks and vars", filepath.ToSlash(file.name))
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
func (d *decoder) revision(src []byte) string {
	sum := sha256.New()
	sum.Write(src)
	for _, file := range d.parts.all {
		path, err := filepath.Rel(filepath.Dir(d.file), file.name)
		if err != nil {
			path = file.name
		}
		inner := sha256.Sum256(file.src)
		sum.Write([]byte("\x00" + filepath.ToSlash(path) + "\x00"))
		sum.Write(inner[:])
	}
	return hex.EncodeToString(sum.Sum(nil))
}
