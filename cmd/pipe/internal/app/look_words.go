package app

import (
	"errors"
	"fmt"
	"strings"

	"pipe/pipeline"
	"pipe/pipeline/preview"
	"pipe/specs"
)

// lookWords is the command that shows the page at a place of a spec where something failed,
// of a step or of what is none, as that has left it; "" where there is none. item is the
// key of the item whose steps were gone.
func (r SpecOptions) lookWords(spec *specs.Spec, path, item string) string {
	last := func(list []specs.Step) string {
		if len(list) == 0 {
			return ""
		}
		return list[len(list)-1].Path
	}
	section, _, _ := strings.Cut(path, ".")
	section, _, _ = strings.Cut(section, "[")
	switch {
	case path == "login.success" && spec.Login != nil:
		path = last(spec.Login.Steps)
	case strings.HasPrefix(path, "source.table."):
		path = "source"
	case section == "record":
		path = last(append(spec.Navigate.Steps[:len(spec.Navigate.Steps):len(spec.Navigate.Steps)], spec.Download.Steps...))
	}
	if end := strings.LastIndex(path, "]"); end > 0 {
		path = path[:end+1] // a step goes by its place, without its verb
	}
	if path == "" || preview.CheckVisit(spec, path) != nil {
		return ""
	}
	words := "pipe inspect " + r.specWords(spec)
	if item != "" && (section == "navigate" || section == "download" || section == "record") {
		words += " --item " + shellWordOr(item, "KEY")
	}
	return words + " --at " + shellWordOr(path, "STEP")
}

// withLook adds to an error of the login or the source the command that shows its page. A
// login that the site refuses is not to be tried again.
func (r SpecOptions) withLook(spec *specs.Spec, err error) error {
	var login *pipeline.LoginError
	if err == nil || isRefused(err) {
		return err
	}
	path, _, _ := strings.Cut(pipeline.PlaceOf(err), " ")
	if path == "" && errors.As(err, &login) {
		path = "login.success"
	}
	if words := r.lookWords(spec, path, ""); words != "" {
		return fmt.Errorf("%w\nto see that page: %s", err, words)
	}
	return err
}
