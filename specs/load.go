package specs

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"

	"gopkg.in/yaml.v3"
)

// maxSpec is the largest spec file that is read, in bytes.
const maxSpec = 4 << 20

// Options is what a spec is read with.
type Options struct {
	// Verbs are the steps that there are.
	Verbs []Verb
	// Set overrides vars.
	Set map[string]string
	// Secrets gives secrets; nil is none but the environment's.
	Secrets *Secrets
	// Env gives environment variables; nil is the process's.
	Env func(name string) (string, bool)
	// Columns gives the columns of a local CSV source, so that expressions
	// over item are checked; nil leaves them open.
	Columns func(path string, delimiter string) ([]string, error)
}

// Load reads a spec. The error is a Faults with everything that is wrong,
// unless the file itself cannot be read.
func Load(path string, opts Options) (*Spec, error) {
	f, err := os.Open(filepath.Clean(path))
	if err != nil {
		return nil, fmt.Errorf("reading the spec: %w", err)
	}
	defer func() { _ = f.Close() }()
	src, err := io.ReadAll(io.LimitReader(f, maxSpec+1))
	if err != nil {
		return nil, fmt.Errorf("reading the spec: %w", err)
	}
	return Parse(path, src, opts)
}

// Parse is Load for a text that is in memory; file names it in faults.
func Parse(file string, src []byte, opts Options) (*Spec, error) {
	if opts.Env == nil {
		opts.Env = os.LookupEnv
	}
	if opts.Secrets == nil {
		opts.Secrets = NewSecrets(opts.Env)
	}
	d := &decoder{
		file: file, verbs: opts.Verbs, lines: strings.Split(strings.ReplaceAll(string(src), "\r\n", "\n"), "\n"),
		env: &environment{env: opts.Env, secret: opts.Secrets.Lookup},
	}
	root := d.document(src)
	if root == nil {
		return nil, d.faults
	}
	sum := sha256.Sum256(src)
	spec := &Spec{File: file, Revision: hex.EncodeToString(sum[:])}
	d.decode(root, reflectOf(spec), cursor{scope: ScopeSpec})
	d.check(root, spec, opts)
	for _, f := range d.late {
		f()
	}
	if len(d.faults) > 0 {
		return nil, d.faults.sorted()
	}
	if err := spec.fill(d, opts); err != nil {
		return nil, err
	}
	return spec, nil
}

var yamlLine = regexp.MustCompile(`^yaml: (?:line (\d+): )?(.*)$`)

// document gives the one mapping of the file, or nil with faults.
func (d *decoder) document(src []byte) *yaml.Node {
	top := Pos{File: d.file, Line: 1, Col: 1}
	if len(src) > maxSpec {
		d.faultAt(top, "", "the file is over %d MB: that is no spec", maxSpec>>20)
		return nil
	}
	if bytes.IndexByte(src, 0) >= 0 {
		d.faultAt(top, "", "the file is binary: a spec is YAML text in UTF-8")
		return nil
	}
	var doc yaml.Node
	dec := yaml.NewDecoder(bytes.NewReader(src))
	err := dec.Decode(&doc)
	if errors.Is(err, io.EOF) {
		d.faultAt(top, "", "the file is empty: see `pipe demo` and specs/inventory.yaml for a spec to begin with")
		return nil
	}
	if err != nil {
		m := yamlLine.FindStringSubmatch(err.Error())
		if m != nil && m[1] != "" {
			top.Line, _ = strconv.Atoi(m[1])
			d.faultAt(top, "", "the YAML does not parse: %s", m[2])
			return nil
		}
		d.faultAt(top, "", "the YAML does not parse: %v", err)
		return nil
	}
	root := doc.Content[0]
	if root.Kind != yaml.MappingNode {
		d.fault(root, "a spec is a mapping with name, key, source and so on, not %s", describe(root))
		return nil
	}
	if err := dec.Decode(&yaml.Node{}); !errors.Is(err, io.EOF) {
		d.faultAt(top, "", "the file holds several documents: one spec to a file")
		return nil
	}
	return root
}

// check finds what is wrong between fields.
func (d *decoder) check(root *yaml.Node, s *Spec, opts Options) {
	d.path = ""
	if s.Name != "" && !regexp.MustCompile(`^[A-Za-z0-9][A-Za-z0-9._-]*$`).MatchString(s.Name) {
		d.faultAt(d.pos(find(root, "name")), "name", "%q cannot name a folder: use letters, digits, dots, dashes and underscores", s.Name)
	}
	src := find(root, "source")
	given := 0
	for _, is := range []bool{s.Source.CSV != nil, s.Source.Items != nil, s.Source.Export != nil} {
		if is {
			given++
		}
	}
	if find(root, "source") != root && given != 1 {
		d.faultAt(d.pos(src), "source", "give one of csv, items and export")
	}
	for _, to := range s.Record.To {
		if ext := filepath.Ext(to); ext != ".csv" && ext != ".jsonl" {
			d.faultAt(d.pos(find(root, "record")), "record.to", "%q is neither .csv nor .jsonl", to)
		} else if !filepath.IsLocal(to) {
			d.faultAt(d.pos(find(root, "record")), "record.to", "%q leaves the output folder", to)
		}
	}
	if s.Pool.Contexts < 1 || s.Pool.Pages < 1 || s.Pool.Fetches < 1 {
		d.faultAt(d.pos(find(root, "pool")), "pool", "contexts, pages and fetches are 1 at least")
	}
	for name := range opts.Set {
		if s.Vars.byKey[name] == nil {
			d.faultAt(d.pos(root), "vars", "--set %s: the spec has no such var%s", name, suggest(name, s.Vars.names))
		}
	}
	if s.Login == nil {
		d.env.account = nil
	}
	if c := s.Source.CSV; c != nil && opts.Columns != nil && !strings.Contains(c.Path.Raw(), "${{") && c.Path.Raw() != "" {
		columns, err := opts.Columns(c.Path.Raw(), c.Delimiter)
		if err != nil {
			d.faultAt(d.pos(src), "source.csv", "%v", err)
		}
		d.env.item = columns
	}
}

// find gives the value of a key of the root mapping, or the root itself.
func find(root *yaml.Node, key string) *yaml.Node {
	for i := 0; i+1 < len(root.Content); i += 2 {
		if root.Content[i].Value == key {
			return root.Content[i+1]
		}
	}
	return root
}

// fill gives the spec the values that all its evaluations start from.
func (s *Spec) fill(d *decoder, opts Options) error {
	env, vars := map[string]any{}, map[string]any{}
	for _, name := range d.env.used {
		if value, set := opts.Env(name); set {
			env[name] = value
		}
	}
	s.Values = Values{"env": env, "secret": opts.Secrets.values(), "vars": vars}
	for _, name := range s.Vars.names {
		if value, set := opts.Set[name]; set {
			vars[name] = value
			continue
		}
		v, err := s.Vars.byKey[name].Value(s.Values)
		if err != nil {
			return fmt.Errorf("vars.%s: %w", name, err)
		}
		vars[name] = v
	}
	return nil
}
