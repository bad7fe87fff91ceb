package specs

import (
	"fmt"
	"reflect"
	"slices"
	"strings"
)

// Change is one difference in what two specs mean.
type Change struct {
	// Path leads to it: in the new spec, or in the old one for what is gone.
	Path string `json:"path"`
	// Was and Is are the values, as YAML on one line; "" is for what is not there.
	Was string `json:"was,omitempty"`
	Is  string `json:"is,omitempty"`
}

// String tells the change in a line.
func (c Change) String() string {
	switch {
	case c.Was == "":
		return fmt.Sprintf("%s: added: %s", c.Path, c.Is)
	case c.Is == "":
		return fmt.Sprintf("%s: taken out: %s", c.Path, c.Was)
	default:
		return fmt.Sprintf("%s: %s → %s", c.Path, c.Was, c.Is)
	}
}

// Diff gives the changes in meaning between two specs, in the order of the language. What
// is written in another way, in another order or with other comments, is none; a step that
// is put between others is one.
func Diff(was, is *Spec) []Change {
	return compare(structMeaning(reflect.ValueOf(*was)), structMeaning(reflect.ValueOf(*is)), "")
}

func compare(a, b *meaning, path string) []Change {
	switch {
	case a == nil && b == nil:
		return nil
	case a == nil || b == nil || a.kind != b.kind || a.kind == valueMeaning || a.kind == targetMeaning:
		if a.same(b) {
			return nil
		}
		return []Change{{Path: path, Was: a.String(), Is: b.String()}}
	case a.kind == listMeaning:
		return compareLists(a, b, path)
	}
	var all []Change
	for _, key := range keysOf(b, a) {
		inner := path
		if key != "" {
			inner = strings.TrimPrefix(path+"."+key, ".")
		}
		all = append(all, compare(a.field(key), b.field(key), inner)...)
	}
	return all
}

// same tells whether two values say the same; what is so anyway need not be said.
func (m *meaning) same(other *meaning) bool {
	if m == nil || other == nil {
		return m == nil && other == nil || m == nil && other.standard || other == nil && m.standard
	}
	return m.kind == other.kind && m.String() == other.String()
}

// keysOf names the fields of the first, and those that the second has beside.
func keysOf(first, second *meaning) []string {
	var keys []string
	for _, m := range []*meaning{first, second} {
		for _, one := range m.parts {
			if !slices.Contains(keys, one.key) {
				keys = append(keys, one.key)
			}
		}
	}
	return keys
}

func (m *meaning) field(key string) *meaning {
	for _, one := range m.parts {
		if one.key == key {
			return one
		}
	}
	return nil
}

// compareLists matches the members that are the same, and between these those that go by
// the same name.
func compareLists(a, b *meaning, path string) []Change {
	plain := func(m *meaning) bool { return m.kind == valueMeaning }
	if slices.ContainsFunc(a.parts, plain) || slices.ContainsFunc(b.parts, plain) {
		if a.String() == b.String() {
			return nil
		}
		return []Change{{Path: path, Was: a.String(), Is: b.String()}}
	}
	var all []Change
	i, j := 0, 0
	for _, match := range append(common(a.parts, b.parts), [2]int{len(a.parts), len(b.parts)}) {
		all = append(all, between(a, b, [2]int{i, j}, match, path)...)
		i, j = match[0]+1, match[1]+1
	}
	return all
}

// between compares the members from one pair of places to another.
func between(a, b *meaning, from, to [2]int, path string) []Change {
	var all []Change
	i := from[0]
	for j := from[1]; j < to[1]; j++ {
		one := b.parts[j]
		k := i
		for k < to[0] && (a.parts[k].name != one.name || a.parts[k].kind != one.kind) {
			k++
		}
		if k == to[0] {
			all = append(all, Change{Path: one.place(path, j), Is: one.String()})
			continue
		}
		for ; i < k; i++ {
			all = append(all, Change{Path: a.parts[i].place(path, i), Was: a.parts[i].String()})
		}
		all = append(all, compare(a.parts[k], one, one.place(path, j))...)
		i = k + 1
	}
	for ; i < to[0]; i++ {
		all = append(all, Change{Path: a.parts[i].place(path, i), Was: a.parts[i].String()})
	}
	return all
}

// place leads to a member of a list.
func (m *meaning) place(list string, i int) string {
	if m.path != "" {
		return m.path
	}
	return fmt.Sprintf("%s[%d]", list, i)
}

// common gives the places of the longest run of members, not all side by side, that two
// lists share.
func common(a, b []*meaning) [][2]int {
	texts := func(list []*meaning) []string {
		all := make([]string, len(list))
		for i, m := range list {
			all[i] = m.String()
		}
		return all
	}
	x, y := texts(a), texts(b)
	longest := make([][]int, len(x)+1)
	for i := range longest {
		longest[i] = make([]int, len(y)+1)
	}
	for i := len(x) - 1; i >= 0; i-- {
		for j := len(y) - 1; j >= 0; j-- {
			if longest[i][j] = max(longest[i+1][j], longest[i][j+1]); x[i] == y[j] {
				longest[i][j] = longest[i+1][j+1] + 1
			}
		}
	}
	var pairs [][2]int
	for i, j := 0, 0; i < len(x) && j < len(y); {
		switch {
		case x[i] == y[j]:
			pairs = append(pairs, [2]int{i, j})
			i, j = i+1, j+1
		case longest[i+1][j] >= longest[i][j+1]:
			i++
		default:
			j++
		}
	}
	return pairs
}
