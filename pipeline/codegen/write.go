package codegen

import (
	"fmt"
	"net/url"
	"slices"
	"strings"

	"pipe/specs"
	"pipe/steps"
)

// Options is what a person tells of the spec to be written.
type Options struct {
	// Name is the spec's; default: made of the site's host.
	Name string
	// List is a file that has the items. Where the recording has an export of the site, it tells
	// what columns that has; nil where there is none.
	List *ListFile
	// TextOf gives the text of a file, as a PDF's, in which the item's key is looked for, "" where
	// it cannot be read; nil takes the bytes of CSV, JSON and XML, and none of others.
	TextOf func(File) string
}

// ListFile is a file with a list of items.
type ListFile struct {
	// Path is as the spec is to have it.
	Path string
	// Columns are the names of the columns as expressions have them, Rows the first rows.
	Columns []string
	Rows    []map[string]string
}

// Draft is a spec that was written, and what the person should know of it.
type Draft struct {
	// Spec is the YAML text.
	Spec []byte
	// Name is the spec's.
	Name string
	// Understood says what of the recording has become which part of the spec, a line each.
	Understood []string
	// Notes are sentences about what was guessed or left out, Lacks about what the spec needs yet
	// to do all items.
	Notes, Lacks []string
	// Variables are the environment variables that the spec reads its secrets from.
	Variables []string
}

// Write makes a spec of a recording: one that validates as it stands, with comments where
// something was guessed. The error is of a recording in which nothing was done.
func Write(rec Recording, o Options) (Draft, error) {
	w := &writer{rec: rec, options: o}
	w.base = w.origin()
	if w.base == "" {
		return Draft{}, fmt.Errorf("the recording opens no page: there is no address of a site in it")
	}
	w.name = o.Name
	if w.name == "" {
		w.name = NameOf(w.base)
	}
	parts, err := w.split(tidy(markSecrets(rec.Actions)))
	if err != nil {
		return Draft{}, err
	}
	w.findKey(&parts)
	w.secretVariables(parts)
	parts.item = w.markFound(parts.item)
	text, err := specs.Format(w.name+".yaml", []byte(w.spec(parts)), steps.Verbs())
	if err != nil {
		return Draft{}, fmt.Errorf("the spec that came of it is not a right one: %w", err)
	}
	return Draft{Spec: text, Name: w.name, Understood: w.understood(parts), Notes: w.notes, Lacks: w.lacks, Variables: w.environment}, nil
}

// writer is one spec on its way.
type writer struct {
	rec     Recording
	options Options
	name    string
	// base is the site's origin.
	base string
	// key is the name of the key's column, items what stands for the item's values, logins what
	// stands for what was typed to log in.
	key string
	// row is the recorded item's, with the values that others have too.
	row           map[string]string
	items, logins variables
	// source is how the list comes.
	source  sourceKind
	columns []string
	// files is how many the spec takes of each item.
	files int
	// differing are the values, besides the keys, in which two items differ.
	differing []difference
	// credentials are the fields of the account.
	credentials []credential
	notes       []string
	lacks       []string
	environment []string
}

// note tells the person something, once.
func (w *writer) note(format string, args ...any) {
	if text := fmt.Sprintf(format, args...); !slices.Contains(w.notes, text) {
		w.notes = append(w.notes, text)
	}
}

// lack tells the person what the spec needs yet.
func (w *writer) lack(format string, args ...any) {
	w.lacks = append(w.lacks, fmt.Sprintf(format, args...))
}

// origin is that of the first page.
func (w *writer) origin() string {
	all := []string{w.rec.Start}
	for _, a := range w.rec.Actions {
		if a.Verb == "goto" {
			all = append(all, a.Value)
		}
		all = append(all, a.Address)
	}
	for _, address := range all {
		if u, err := url.Parse(address); err == nil && u.Host != "" && (u.Scheme == "http" || u.Scheme == "https") {
			return u.Scheme + "://" + u.Host
		}
	}
	return ""
}

// relative gives an address as the spec has it: without the site's origin.
func (w *writer) relative(address string) string {
	rest, is := strings.CutPrefix(address, w.base)
	switch {
	case !is || rest != "" && !strings.ContainsAny(rest[:1], "/?#"):
		return address
	case rest == "":
		return "/"
	case rest[0] != '/':
		return "/" + rest
	}
	return rest
}

// NameOf makes a spec's name of an address: www.example.com:8080 is example.
func NameOf(base string) string {
	u, err := url.Parse(base)
	if err != nil {
		return "site"
	}
	host := strings.TrimPrefix(u.Hostname(), "www.")
	labels := strings.Split(host, ".")
	name := specs.SnakeCase(labels[max(0, min(len(labels)-2, 1))])
	if len(labels) < 3 {
		name = specs.SnakeCase(labels[0])
	}
	if name == "" || strings.HasPrefix(name, "_") {
		return "site"
	}
	return name
}
