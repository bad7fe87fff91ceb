package specs

import (
	"embed"
	"io/fs"
	"path"
	"strings"
)

//go:generate go run ../cmd/pipe schema --output pipe.schema.json
//go:generate go run ../cmd/pipe schema --part --output pipe-part.schema.json
//go:generate go run ../cmd/pipe steps --markdown --output REFERENCE.md

// InventoryPath is where the shipped spec of the main job lies in the
// repository.
const InventoryPath = "specs/inventory.yaml"

//go:embed *.yaml
var shipped embed.FS

// Shipped are the names of the shipped specs, in order.
func Shipped() []string {
	files, err := fs.Glob(shipped, "*.yaml")
	if err != nil {
		panic(err) // the pattern is ours
	}
	for i, f := range files {
		files[i] = strings.TrimSuffix(f, ".yaml")
	}
	return files
}

// ShippedPath is where the shipped spec of a name lies in the repository.
func ShippedPath(name string) string { return path.Join("specs", name+".yaml") }

// ReadShipped gives the shipped spec that lies at a path of the repository.
func ReadShipped(name string) (src []byte, is bool) {
	dir, base := path.Split(name)
	if dir != "specs/" {
		return nil, false
	}
	src, err := shipped.ReadFile(base)
	return src, err == nil
}
