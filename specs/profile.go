package specs

import (
	"reflect"
	"regexp"
	"slices"

	"gopkg.in/yaml.v3"

	"pipe/specs/definition"
	"pipe/specs/document"
	"pipe/specs/expr"
)

// Profiles are the specs that are laid over the spec, by name.
type Profiles map[string]*Profile

// Profile is as much of a spec as is different.
type Profile struct{ Spec Spec }

// ProfileName is what a profile can be called.
var ProfileName = regexp.MustCompile(`^[A-Za-z0-9][A-Za-z0-9._-]{0,59}$`)

// NotInProfiles are the fields of a spec that are the same with every profile.
func NotInProfiles() []string { return []string{"name", "include", "profiles"} }

// decodeNode reads each profile by itself, for what is wrong with it whatever
// the spec says. Its expressions are checked when it is laid over the spec.
func (p *Profiles) decodeNode(d *decoder, n *yaml.Node, at cursor) {
	*p = Profiles{}
	if n.Kind != yaml.MappingNode {
		d.Fault(n, "want a mapping of names to profiles, not %s", document.Describe(n))
		return
	}
	for key, value := range d.Pairs(n) {
		switch {
		case !ProfileName.MatchString(key.Value):
			d.Fault(key, "%q cannot name a folder: use letters, digits, dots, dashes and underscores, 60 at most", document.Shorten(key.Value, 60))
		case len(*p) == MaxProfiles:
			d.Fault(key, "the spec has over %d profiles", MaxProfiles)
			return
		default:
			own := &Profile{}
			(*p)[key.Value] = own
			d.decode(value, reflectOf(own), at.field(key.Value))
		}
	}
}

func (p *Profile) decodeNode(d *decoder, n *yaml.Node, at cursor) {
	if n.Kind != yaml.MappingNode {
		d.Fault(n, "want a mapping of what is different, not %s", document.Describe(n))
		return
	}
	rest := *n
	rest.Content = nil
	for i := 0; i+1 < len(n.Content); i += 2 {
		if key := n.Content[i]; slices.Contains(NotInProfiles(), key.Value) {
			d.Fault(key, "%q is the same with every profile", key.Value)
		} else {
			rest.Content = append(rest.Content, key, n.Content[i+1])
		}
	}
	env, late, used := *d.env, len(d.late), map[*block]bool{}
	for _, b := range d.parts.blocks {
		used[b] = b.used
	}
	d.partial = true
	d.decode(&rest, reflectOf(&p.Spec), at)
	d.partial = false
	*d.env, d.late = env, d.late[:late]
	for b := range used {
		b.used = used[b]
	}
	d.order[n] = d.order[&rest]
}

// layOver gives the spec with a profile laid over it.
func (d *decoder) layOver(root *yaml.Node, name string) *yaml.Node {
	profiles := document.Find(root, "profiles")
	if profiles.Kind == yaml.AliasNode {
		profiles = profiles.Alias
	}
	var names []string
	if profiles != root && profiles.Kind == yaml.MappingNode {
		for i := 0; i+1 < len(profiles.Content); i += 2 {
			names = append(names, profiles.Content[i].Value)
		}
	}
	i := slices.Index(names, name)
	if i < 0 {
		d.FaultAt(d.Pos(profiles), "profiles", "--profile %s: the spec has no such profile%s", document.Shorten(name, 60), document.DidYouMean(name, names))
		return root
	}
	top := profiles.Content[2*i+1]
	if top.Kind == yaml.AliasNode {
		top = top.Alias
	}
	if top.Kind != yaml.MappingNode {
		return root // told where it is read
	}
	d.late = append(d.late, func() { d.checkOwnFiles(root, top, name) })
	return d.merged(root, top, reflect.TypeFor[Spec](), NotInProfiles())
}

// merged lays a value over another, as what is read into a type, but for some
// fields.
func (d *decoder) merged(base, top *yaml.Node, t reflect.Type, but []string) *yaml.Node {
	if base.Kind == yaml.AliasNode {
		base = base.Alias
	}
	if top.Kind == yaml.AliasNode {
		top = top.Alias
	}
	if t = mergeable(t); t == nil || base.Kind != yaml.MappingNode || top.Kind != yaml.MappingNode || d.depth == document.MaxDepth || !d.visit(top) {
		return top
	}
	d.depth++
	defer func() { d.depth-- }()
	out := *base
	out.Content = withoutKinds(base, top, t)
	for i := 0; i+1 < len(top.Content); i += 2 {
		key, value := top.Content[i], top.Content[i+1]
		j := 0
		for j < len(out.Content) && (out.Content[j].Value != key.Value || key.Tag == "!!merge") {
			j += 2
		}
		switch {
		case slices.Contains(but, key.Value):
		case j < len(out.Content) && value.Tag == "!!null":
			out.Content = slices.Delete(out.Content, j, j+2)
		case j < len(out.Content):
			out.Content[j], out.Content[j+1] = key, d.merged(out.Content[j+1], value, fieldType(t, key.Value), nil)
		case value.Tag != "!!null":
			out.Content = append(out.Content, key, value)
		}
	}
	return &out
}

// mergeable gives the type within which a profile's mapping is laid over the
// spec's field by field: sections, and what has names of the user's own. Others,
// such as targets, are one thing. It is nil for those.
func mergeable(t reflect.Type) reflect.Type {
	if t == nil {
		return nil
	}
	for t.Kind() == reflect.Pointer {
		t = t.Elem()
	}
	named := []reflect.Type{reflect.TypeFor[Vars](), reflect.TypeFor[Headers](), reflect.TypeFor[Fields](), reflect.TypeFor[Blocks]()}
	if slices.Contains(named, t) || t.Kind() == reflect.Struct && !slices.Contains(single(), t) && !t.Implements(reflect.TypeFor[expr.AnyTemplate]()) {
		return t
	}
	return nil
}

// single are the structs that are one thing, beside the templates: a profile replaces them whole.
func single() []reflect.Type {
	return []reflect.Type{
		reflect.TypeFor[expr.Condition](), reflect.TypeFor[Target](), reflect.TypeFor[Locator](), reflect.TypeFor[Step](),
		reflect.TypeFor[Table](), reflect.TypeFor[ScrollTo](), reflect.TypeFor[Read](), reflect.TypeFor[Pattern](), reflect.TypeFor[DateFormat](),
		reflect.TypeFor[Classify](), reflect.TypeFor[Share](), reflect.TypeFor[Span](), reflect.TypeFor[Profile](),
	}
}

// mergedFields are the fields of a type that is merged by them.
func mergedFields(t reflect.Type) []definition.Field {
	if t.Kind() != reflect.Struct || t == reflect.TypeFor[Vars]() {
		return nil
	}
	return definition.Fields(t)
}

// fieldType is the type of a field, nil for what is none.
func fieldType(t reflect.Type, name string) reflect.Type {
	for _, f := range mergedFields(t) {
		if f.Key == name {
			return f.Type
		}
	}
	return nil
}

// withoutKinds gives the fields of a mapping, but for those of which there is
// one in all if the other has one.
func withoutKinds(base, top *yaml.Node, t reflect.Type) []*yaml.Node {
	var kinds []string
	for _, f := range mergedFields(t) {
		if f.Tag.Get("kind") == "true" {
			kinds = append(kinds, f.Key)
		}
	}
	if !slices.ContainsFunc(kinds, func(kind string) bool { return document.Has(top, kind) }) {
		return slices.Clone(base.Content)
	}
	var out []*yaml.Node
	for i := 0; i+1 < len(base.Content); i += 2 {
		if name := base.Content[i].Value; !slices.Contains(kinds, name) || document.Has(top, name) {
			out = append(out, base.Content[i], base.Content[i+1])
		}
	}
	return out
}

// checkOwnFiles finds a profile whose files would go where the spec's go.
func (d *decoder) checkOwnFiles(root, top *yaml.Node, name string) {
	files := document.Find(root, "files")
	if files == root || document.Has(top, "files") {
		return
	}
	vars := document.Find(top, "vars")
	names, _, parsed := d.spec.Files.FieldsOf("vars")
	own := slices.ContainsFunc(names, func(name string) bool { return vars != top && document.Has(vars, name) })
	if own || !parsed || d.spec.Files.Names("env", "") {
		return // told elsewhere, or at a place of its own
	}
	d.FaultAt(d.Pos(files), "files", "with the profile %q the files would go to the same place as without: give it files of its own", name)
}

// OutName names the spec's output folder. No spec's name has an @, so that a
// profile never has the folder of another spec.
func (s *Spec) OutName() string {
	if s.Profile == "" {
		return s.Name
	}
	return s.Name + "@" + s.Profile
}

// Argument is how the spec is named on a command line.
func (s *Spec) Argument() string {
	if s.Profile == "" {
		return s.File
	}
	return s.File + " --profile " + s.Profile
}

// ProfileNames names the profiles of a spec's text, whatever else is wrong with
// it.
func ProfileNames(src []byte) []string {
	var names []string
	if len(src) > document.MaxSize {
		return nil
	}
	var doc yaml.Node
	if yaml.Unmarshal(src, &doc) != nil || len(doc.Content) == 0 || doc.Content[0].Kind != yaml.MappingNode {
		return nil
	}
	profiles := document.Find(doc.Content[0], "profiles")
	if profiles.Kind == yaml.AliasNode {
		profiles = profiles.Alias
	}
	if profiles == doc.Content[0] || profiles.Kind != yaml.MappingNode {
		return nil
	}
	for i := 0; i+1 < len(profiles.Content) && len(names) < MaxProfiles; i += 2 {
		if name := profiles.Content[i].Value; ProfileName.MatchString(name) {
			names = append(names, name)
		}
	}
	return names
}
