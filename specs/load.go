package specs

import (
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"time"

	"gopkg.in/yaml.v3"
)

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
	// Destination finds what is wrong with where the files are to go; nil takes
	// anything.
	Destination func(dest string) error
	// Reads finds why a file that the spec names cannot be read; nil takes any.
	Reads func(path string) error
	// Now is the clock of one-time codes and of now(); nil is time.Now.
	Now func() time.Time
	// Profile is laid over the spec; "" is none.
	Profile string
	// Include reads a file that the spec includes, by its path; nil is ReadFile.
	Include func(path string) ([]byte, error)
}

// Load reads a spec. The error is a Faults with everything that is wrong,
// unless the file itself cannot be read.
func Load(path string, opts Options) (*Spec, error) {
	src, err := ReadFile(path)
	if err != nil {
		return nil, err
	}
	return Parse(path, src, opts)
}

// Parse is Load for a text that is in memory; file names it in faults.
func Parse(file string, src []byte, opts Options) (*Spec, error) {
	d, spec := read(file, src, &opts)
	if len(d.faults) > 0 {
		return nil, d.told()
	}
	if err := spec.fill(d, opts); err != nil {
		return nil, err
	}
	return spec, nil
}

// read reads a text; what is wrong with it is in the decoder's faults.
func read(file string, src []byte, opts *Options) (*decoder, *Spec) {
	d := newDecoder(file, src, opts)
	d.root = d.parse(d.texts[0], src)
	d.readSpec(d.root, opts)
	if d.spec != nil {
		d.spec.texts, d.spec.Revision = d.texts, d.revision(src)
	}
	return d, d.spec
}

// readSpec reads the value that a file holds as a spec.
func (d *decoder) readSpec(root *yaml.Node, opts *Options) {
	if root == nil {
		return
	}
	if root.Kind != yaml.MappingNode {
		d.fault(root, "a spec is a mapping with name, key, source and so on, not %s", describe(root))
		return
	}
	d.spec = &Spec{File: d.file, Profile: opts.Profile}
	if opts.Profile != "" {
		root = d.layOver(root, opts.Profile)
	}
	d.compose(root)
	d.decode(root, reflectOf(d.spec), cursor{scope: ScopeSpec})
	d.addVars(d.spec)
	d.check(root, d.spec, *opts)
	d.readUnused()
	d.finish()
}

func newDecoder(file string, src []byte, opts *Options) *decoder {
	if opts.Env == nil {
		opts.Env = os.LookupEnv
	}
	if opts.Secrets == nil {
		opts.Secrets = NewSecrets(opts.Env)
	}
	d := &decoder{
		reader: newYAMLReader(file, src, opts.Include), verbs: opts.Verbs, parts: newParts(),
		env:   &environment{env: opts.Env, secret: opts.Secrets.Lookup},
		order: map[*yaml.Node][]string{}, reads: opts.Reads,
	}
	d.exprs = newCompiler(d.reader, d.env, opts.Secrets, opts.Now)
	return d
}

// compose takes in what the spec is made of, before its sections are read.
func (d *decoder) compose(root *yaml.Node) {
	for _, key := range []string{"include", "blocks", "profiles"} {
		if has(root, key) {
			d.again = map[Fault]bool{}
		}
	}
	d.parts.chain = []link{{"the file includes", filepath.Clean(d.file)}}
	d.collect(root, true)
	d.parts.chain = nil
}

// finish checks what can only be checked once all is read. Of a spec whose
// other files are not read, nobody knows which names there are.
func (d *decoder) finish() {
	if d.parts.lax {
		return
	}
	for _, f := range d.late {
		f()
	}
	d.spec.Source.wanted = d.env.wanted
	d.checkParams()
}

// check finds what is wrong between fields.
func (d *decoder) check(root *yaml.Node, s *Spec, opts Options) {
	d.path = ""
	if name := find(root, "name"); name != root && name.Tag != "!!null" && !regexp.MustCompile(`^[A-Za-z0-9][A-Za-z0-9._-]*$`).MatchString(s.Name) {
		d.faultAt(d.pos(name), "name", "%q cannot name a folder: use letters, digits, dots, dashes and underscores", s.Name)
	}
	d.checkSource(root, s)
	d.checkRecord(root, s)
	d.checkSessions(root, s)
	d.checkPace(root, s.Pool)
	for name := range opts.Set {
		if s.Vars.byKey[name] == nil {
			d.faultAt(d.pos(root), "vars", "--set %s: the spec has no such var%s", name, DidYouMean(name, s.Vars.names))
		}
	}
	if dest := s.Files.Raw(); opts.Destination != nil && find(root, "files") != root && !strings.Contains(dest, "${{") {
		if err := opts.Destination(dest); err != nil {
			d.faultAt(d.pos(find(root, "files")), "files", "%v", err)
		}
	}
	if s.Login == nil {
		d.env.account = nil
	}
	d.sourceColumns(root, s, opts)
	d.checkRefresh(root, s.Refresh)
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
	for _, name := range s.Vars.order {
		if value, set := opts.Set[name]; set {
			vars[name] = value
			continue
		}
		v, err := s.Vars.byKey[name].Value(s.Values)
		if text, is := v.(string); is && len(text) > varMost {
			err = fmt.Errorf("its value is over %d KB", varMost>>10)
		}
		if err != nil {
			return fmt.Errorf("vars.%s: %w", name, err)
		}
		vars[name] = v
	}
	return nil
}
