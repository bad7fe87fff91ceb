package recorder

import (
	"mime"
	"net/http"
	"path"
	"strings"

	"pipe/pipeline/codegen"
)

// outcome is what came of a step.
type outcome struct {
	codegen.Effect

	// saved is true once the file is one that the browser has saved.
	saved bool
}

// came adds to a step's outcome.
func (s step) came(to *outcome, e effect) {
	if e.Address != "" && e.Tab == s.Tab && e.Address != s.Action.URL {
		to.Address = e.Address
	}
	if e.Opened > 0 {
		to.Tab = e.Opened
	}
	if e.Dialog != "" {
		to.Dialog = e.Dialog
	}
	to.Accepted = to.Accepted || e.Accepted
	to.Posted = to.Posted || e.Posted
	if e.Refused != "" {
		to.Refused = e.Refused
	}
	if e.File != nil {
		to.add(codegen.File(*e.File), e.Download)
	}
}

// add adds a file. One that the browser has saved is known better than the answer that it
// came by; what is saved after it is a file of its own.
func (o *outcome) add(f codegen.File, saved bool) {
	switch {
	case o.File != nil && !saved:
		return
	case o.saved:
		if f.Type == "" {
			f.Type = typeOf(f)
		}
		o.More = append(o.More, f)
		return
	case o.File != nil && f.Type == "":
		f.Type = o.File.Type
	}
	if f.Type == "" {
		f.Type = typeOf(f)
	}
	o.File, o.saved = &f, saved
}

// typeOf tells a file's type by its name, else by its first bytes.
func typeOf(f codegen.File) string {
	byName, _, _ := strings.Cut(mime.TypeByExtension(path.Ext(f.Name)), ";")
	if byName == "" && len(f.Body) > 0 {
		byName, _, _ = strings.Cut(http.DetectContentType(f.Body), ";")
	}
	return byName
}
