//go:build soak

package specs_test

import "gopkg.in/yaml.v3"

// shuffles is in how many orders each spec is put into order: the first as it is.
const shuffles = uint64(100)

// brokenValues take the place of each value of a spec.
var brokenValues = []yaml.Node{
	{Kind: yaml.ScalarNode, Tag: "!!null"},
	{Kind: yaml.ScalarNode, Value: "7"},
	{Kind: yaml.SequenceNode},
	{Kind: yaml.MappingNode},
}
