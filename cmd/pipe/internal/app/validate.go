package app

import (
	"errors"
	"fmt"
	"log/slog"
	"path/filepath"
	"slices"
	"strings"

	"pipe/specs"
	"pipe/specs/document"
	"pipe/specs/expr"
	"pipe/specs/secret"
)

// ValidateOptions are what `pipe validate` takes; without a form that is asked
// for it prints text.
type ValidateOptions struct {
	SpecOptions
	AsJSON, AsSARIF bool
}

// Validate is `pipe validate`: it prints what is wrong with the specs that the
// arguments name, and fails with ExitSpec if anything is.
func Validate(args []string, f ValidateOptions, std Std) error {
	paths, err := SpecPaths(args)
	if err != nil {
		return Exit(ExitSpec, err)
	}
	found := make([]checked, len(paths))
	faults := 0
	for i, path := range paths {
		found[i] = f.check(path)
		faults += len(found[i].Faults)
	}
	switch {
	case f.AsJSON:
		err = writeJSON(std, struct {
			Faults int       `json:"faults"`
			Specs  []checked `json:"specs"`
		}{faults, found})
	case f.AsSARIF:
		err = writeJSON(std, sarifOf(found))
	default:
		for _, v := range found {
			v.print(std)
		}
	}
	if err == nil && faults > 0 {
		fmt.Fprintf(std.Err, "pipe: %s\n", Count(faults, "fault"))
		return Exit(ExitSpec, nil)
	}
	return err
}

// checked is what is wrong with one spec.
type checked struct {
	File   string  `json:"file"`
	OK     bool    `json:"ok"`
	Faults []fault `json:"faults"`
	// Warnings are what may not be meant; they leave a spec right.
	Warnings []fault `json:"warnings,omitempty"`

	text, warned []string
}

// fault is a specs.Fault for machines. Line is 0 for a file that cannot be read,
// File is set where it is another one, that the spec includes.
type fault struct {
	File    string `json:"file,omitempty"`
	Line    int    `json:"line"`
	Column  int    `json:"column"`
	Path    string `json:"path,omitempty"`
	Message string `json:"message"`
	Source  string `json:"source,omitempty"`
}

// check reads a spec, or a part of specs, for what is wrong with it.
func (r SpecOptions) check(path string) checked {
	v := checked{File: filepath.ToSlash(path), Faults: []fault{}}
	src, err := document.ReadFile(path)
	if err != nil {
		src = nil // told by load
	}
	if is, secrets, err := r.checkPart(path, src); is {
		v.add("", secrets, err)
		return v.end(path + ": ok, for specs to include")
	}
	warnings, secrets, err := r.checkSpec(path)
	v.add("", secrets, err)
	v.warn(secrets, warnings)
	if r.Profile == "" {
		for _, name := range specs.ProfileNames(src) {
			with := r
			with.Profile = name
			warnings, secrets, err := with.checkSpec(path)
			v.add(name, secrets, err)
			v.warn(secrets, warnings)
		}
	}
	return v.end(path + ": ok")
}

func (r SpecOptions) checkPart(path string, src []byte) (is bool, secrets *secret.Store, err error) {
	opts, secrets, err := r.options()
	if err == nil {
		is, err = specs.CheckPart(path, src, opts)
	}
	return is, secrets, err
}

func (r SpecOptions) checkSpec(path string) (warnings document.Faults, secrets *secret.Store, err error) {
	spec, secrets, err := r.Load(path)
	if err != nil {
		return nil, secrets, err
	}
	var badContext, badTargets error
	if r.Given && spec.MadeOfEnvironment(spec.BaseURL) {
		spec.BaseURL = expr.Address{} // what is relative to it is right with any
	}
	if !r.Given || !spec.MadeOfEnvironment(spec.Browser) {
		opts := poolOptions(spec, "", slog.New(slog.DiscardHandler))
		badContext = checkContexts(spec, &opts)
	}
	if !r.Given || !spec.MadeOfEnvironment(spec.Notify) {
		_, badTargets = checkNotify(spec)
	}
	return spec.Warnings, secrets, errors.Join(badContext, badTargets)
}

// add takes in what is wrong, but for what is known. What is so only with a
// profile says so.
func (v *checked) add(profile string, secrets *secret.Store, err error) {
	if all, is := err.(interface{ Unwrap() []error }); is {
		for _, one := range all.Unwrap() {
			v.add(profile, secrets, one)
		}
		return
	}
	var faults document.Faults
	if err != nil && !errors.As(err, &faults) {
		faults = document.Faults{{Message: err.Error()}}
	}
	for _, f := range faults {
		own := v.fault(secrets, f)
		if slices.ContainsFunc(v.Faults, own.same) {
			continue
		}
		if profile != "" {
			f.Message += fmt.Sprintf(" (with --profile %s)", profile)
			own.Message += fmt.Sprintf(" (with --profile %s)", profile)
		}
		text := f.Message
		if f.Line > 0 {
			text = f.Render()
		}
		v.Faults, v.text = append(v.Faults, own), append(v.text, secrets.Redact(text))
	}
}

// warn takes in what may not be meant.
func (v *checked) warn(secrets *secret.Store, warnings document.Faults) {
	for _, w := range warnings {
		own := v.fault(secrets, w)
		if !slices.ContainsFunc(v.Warnings, own.same) {
			v.Warnings, v.warned = append(v.Warnings, own), append(v.warned, secrets.Redact(asWarning(w).Render()))
		}
	}
}

// asWarning marks a fault as a warning.
func asWarning(f document.Fault) document.Fault {
	f.Message = "warning: " + f.Message
	return f
}

// fault gives a fault for machines.
func (v *checked) fault(secrets *secret.Store, f document.Fault) fault {
	own := fault{Line: f.Line, Column: f.Col, Path: f.Path, Message: secrets.Redact(f.Message), Source: secrets.Redact(f.Excerpt())}
	if file := filepath.ToSlash(f.File); f.Line > 0 && file != v.File {
		own.File = file
	}
	return own
}

func (f fault) same(old fault) bool {
	return old.File == f.File && old.Line == f.Line && old.Column == f.Column && old.Message == f.Message
}

// end is what is told of the spec, or of one that is right.
func (v checked) end(right string) checked {
	if len(v.Faults) == 0 {
		if len(v.warned) > 0 {
			right += ", with " + Count(len(v.warned), "warning")
		}
		v.OK, v.text = true, []string{right}
	}
	v.text = append(v.warned, v.text...)
	return v
}

// print writes the faults as text, or that there are none.
func (v checked) print(std Std) { fmt.Fprintln(std.Out, strings.Join(v.text, "\n")) }
