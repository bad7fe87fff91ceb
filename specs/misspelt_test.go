package specs_test

import (
	"testing"

	"gopkg.in/yaml.v3"

	"pipe/specs"
	"pipe/specs/internal/spectest"
)

// TestMisspelt breaks each key of each spec, one at a time, and under the tag soak each value:
// what is told of it has a place in the file.
func TestMisspelt(t *testing.T) {
	t.Parallel()
	files, seen := 0, 0
	for _, src := range spectest.Files(t, "testdata/*/*.yaml", "specs/*.yaml") {
		var root yaml.Node
		if yaml.Unmarshal(src, &root) != nil {
			continue
		}
		files++
		broken := func() {
			seen++
			src, err := yaml.Marshal(&root)
			if err != nil {
				return // an alias to what was taken away
			}
			_, err = specs.Parse("x.yaml", src, spectest.Options())
			if answered(t, err); t.Failed() {
				t.Fatalf("%s", src)
			}
		}
		for _, pair := range pairsIn(&root) {
			key, value := pair[0], pair[1]
			was := *key
			key.Value += "x"
			broken()
			*key = was
			was = *value
			for _, *value = range brokenValues {
				broken()
			}
			*value = was
		}
	}
	if files < 300 || seen < 10*files {
		t.Errorf("%d files were broken in %d ways: that is too few", files, seen)
	}
}

// pairsIn gives the key and value of each field below a node.
func pairsIn(n *yaml.Node) [][2]*yaml.Node {
	var pairs [][2]*yaml.Node
	for i, child := range n.Content {
		if n.Kind == yaml.MappingNode && i%2 == 0 {
			pairs = append(pairs, [2]*yaml.Node{child, n.Content[i+1]})
		}
		pairs = append(pairs, pairsIn(child)...)
	}
	return pairs
}
