package specs

import (
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"time"

	"gopkg.in/yaml.v3"

	"pipe/specs/document"
	"pipe/specs/expr"
	"pipe/specs/secret"
)

// Options is what a spec is read with.
type Options struct {
	// Verbs are the steps that there are.
	Verbs []Verb
	// Set overrides vars.
	Set map[string]string
	// Secrets gives secrets; nil is none but the environment's.
	Secrets *secret.Store
	// Env gives environment variables; nil is the process's.
	Env func(name string) (string, bool)
	// Given takes all environment variables and secrets for set, and looks none up: what
	// is made of them has no value.
	Given bool
	// Columns gives the columns of a local CSV source, so that expressions
	// over item are checked; nil leaves them open, as does a file that alone does
	// not tell them.
	Columns func(path string, csv *CSV) ([]string, error)
	// WithoutPage tells why a *Step by itself, or a *Read, cannot do without a page, "" where
	// it can; nil takes all for able to.
	WithoutPage func(part any) string
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
	src, err := document.ReadFile(path)
	if err != nil {
		return nil, err
	}
	return Parse(path, src, opts)
}

// Parse is Load for a text that is in memory; file names it in faults.
func Parse(file string, src []byte, opts Options) (*Spec, error) {
	d, spec := read(file, src, &opts)
	if len(d.Faults) > 0 {
		return nil, d.Told()
	}
	if err := spec.fill(d, opts); err != nil {
		return nil, err
	}
	spec.Warnings = d.Warnings
	return spec, nil
}

// read reads a text; what is wrong with it is in the decoder's faults.
func read(file string, src []byte, opts *Options) (*decoder, *Spec) {
	d := newDecoder(file, src, opts)
	d.root = d.Parse(d.Texts[0], src)
	d.readSpec(d.root, opts)
	if d.spec != nil {
		d.spec.texts, d.spec.Revision = d.Texts, d.Revision(src)
	}
	return d, d.spec
}

// readSpec reads the value that a file holds as a spec.
func (d *decoder) readSpec(root *yaml.Node, opts *Options) {
	if root == nil {
		return
	}
	if root.Kind != yaml.MappingNode {
		d.Fault(root, "a spec is a mapping with name, key, source and so on, not %s", document.Describe(root))
		return
	}
	d.spec = &Spec{File: d.File, Profile: opts.Profile}
	d.values = &readContext{spec: d.spec}
	d.spec.reads = d.values
	if opts.Profile != "" {
		root = d.layOver(root, opts.Profile)
	}
	d.compose(root)
	d.decode(root, reflectOf(d.spec), cursor{scope: expr.ScopeSpec})
	d.addVars(d.spec)
	d.check(root, d.spec, *opts)
	d.readUnused()
	d.finish()
}

func newDecoder(file string, src []byte, opts *Options) *decoder {
	if opts.Given {
		opts.takeForGiven()
	}
	if opts.Env == nil {
		opts.Env = os.LookupEnv
	}
	if opts.Secrets == nil {
		opts.Secrets = secret.New(opts.Env)
	}
	d := &decoder{
		Reader: document.NewReader(file, src, opts.Include), verbs: opts.Verbs, parts: newParts(),
		env:   &expr.Environment{LookupEnv: opts.Env, LookupSecret: opts.Secrets.Lookup},
		order: map[*yaml.Node][]string{}, reads: opts.Reads,
	}
	d.exprs = expr.NewCompiler(d.Reader, d.env, opts.Secrets, opts.Now)
	return d
}

// compose takes in what the spec is made of, before its sections are read.
func (d *decoder) compose(root *yaml.Node) {
	for _, key := range []string{"include", "blocks", "profiles"} {
		if document.Has(root, key) {
			d.Once = map[document.Fault]bool{}
		}
	}
	d.parts.chain = []link{{"the file includes", filepath.Clean(d.File)}}
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
	d.spec.uses = d.env.Uses
	if d.env.Item != nil {
		d.spec.texts = d.Texts
		for _, f := range d.spec.MissingColumns(d.env.Item) {
			d.FaultAt(f.Pos, f.Path, "%s", f.Message)
		}
	}
	d.checkParams()
}

// check finds what is wrong between fields.
func (d *decoder) check(root *yaml.Node, s *Spec, opts Options) {
	d.Path = ""
	if name := document.Find(root, "name"); name != root && name.Tag != "!!null" && !regexp.MustCompile(`^[A-Za-z0-9][A-Za-z0-9._-]*$`).MatchString(s.Name) {
		d.FaultAt(d.Pos(name), "name", "%q cannot name a folder: use letters, digits, dots, dashes and underscores", s.Name)
	}
	d.checkSource(root, s)
	d.checkRecord(root, s)
	d.checkSessions(root, s)
	d.checkWhenever(root, s)
	d.checkOnceNames(s)
	d.checkOrigins(root, s)
	d.checkPace(root, s.Pool)
	d.checkWithoutPage(s, opts.WithoutPage)
	d.checkHome(root, s)
	d.checkHeal(root, s)
	d.checkNotify(root, s)
	d.checkSchedule(root, s)
	d.checkKeep(root, s)
	d.checkTest(root, s)
	for name := range opts.Set {
		if s.Vars.byKey[name] == nil {
			d.FaultAt(d.Pos(root), "vars", "--set %s: the spec has no such var%s", name, document.DidYouMean(name, s.Vars.names))
		}
	}
	if dest := s.Files.Raw(); opts.Destination != nil && document.Find(root, "files") != root && !strings.Contains(dest, "${{") {
		if err := opts.Destination(dest); err != nil {
			d.FaultAt(d.Pos(document.Find(root, "files")), "files", "%v", err)
		}
	}
	if s.Login == nil {
		d.env.Account = nil
	}
	d.sourceColumns(root, s, opts)
	d.checkRefresh(root, s.Refresh)
}

// fill gives the spec the values that all its evaluations start from.
func (s *Spec) fill(d *decoder, opts Options) error {
	env, vars := map[string]any{}, map[string]any{}
	for _, name := range d.env.UsedEnv {
		if value, set := opts.Env(name); set {
			env[name] = value
		}
	}
	s.Values = expr.Values{"env": env, "secret": opts.Secrets.Values(), "vars": vars}
	for _, name := range s.Vars.order {
		if value, set := opts.Set[name]; set {
			vars[name] = value
			continue
		}
		v, err := s.Vars.byKey[name].Value(s.Values)
		if text, is := v.(string); is && len(text) > varMost {
			err = fmt.Errorf("its value is over %d KB", varMost>>10)
		}
		if err != nil && opts.Given && s.MadeOfEnvironment(*s.Vars.byKey[name]) {
			v, err = nil, nil
		}
		if err != nil {
			return fmt.Errorf("vars.%s: %w", name, err)
		}
		vars[name] = v
	}
	return nil
}
