package specs

import (
	"bytes"
	"slices"

	"gopkg.in/yaml.v3"

	"pipe/specs/document"
	"pipe/specs/secret"
)

// Format gives a spec in its one order: the fields of each mapping as the
// language has them. Comments go with what they stand above, and all else is as
// it was, so that little changes. The error is that of [Parse], but for what
// the machine has: variables, secrets and files.
func Format(file string, src []byte, verbs []Verb) ([]byte, error) {
	plain := bytes.ReplaceAll(bytes.ReplaceAll(bytes.TrimPrefix(src, []byte("\ufeff")), []byte("\r\n"), []byte("\n")), []byte("\r"), []byte("\n"))
	plain = append(bytes.TrimRight(plain, "\n"), '\n')
	before, faults := shapeOf(file, src, verbs)
	if faults != nil {
		return nil, faults
	}
	if !before.is(plain, verbs) {
		return src, nil // line ends that mean something
	}
	d, _ := shapeOf(file, plain, verbs)
	if bytes.Count(plain, []byte("\n")) < len(d.Texts[0].Lines)-1 {
		return plain, nil // lines that end in ways that only YAML knows
	}
	ordered := document.InOrder(plain, d.root, d.order)
	if !before.is(ordered, verbs) {
		return plain, nil
	}
	return ordered, nil
}

// shapeOf reads a spec, or a part of specs, as if the machine had all that it
// names. The files that it includes are not read.
func shapeOf(file string, src []byte, verbs []Verb) (*decoder, error) {
	env := func(string) (string, bool) { return "", true }
	opts := &Options{Verbs: verbs, Env: env, Secrets: secret.New(env)}
	d := newDecoder(file, src, opts)
	d.root = d.Parse(d.Texts[0], src)
	d.parts.lax = includes(d.root)
	d.parts.open = d.parts.lax
	if isPart(d.root) {
		d.readPart(d.root)
	} else {
		d.readSpec(d.root, opts)
	}
	if len(d.Faults) > 0 {
		return nil, d.Told()
	}
	return d, nil
}

// includes tells whether a spec includes files, anywhere.
func includes(n *yaml.Node) bool {
	return n != nil && (n.Kind == yaml.MappingNode && document.Has(n, "include") || slices.ContainsFunc(n.Content, includes))
}

// is tells whether a text says the same.
func (d *decoder) is(src []byte, verbs []Verb) bool {
	other, faults := shapeOf(d.File, src, verbs)
	return faults == nil && document.Same(d.root, other.root, d.order)
}
