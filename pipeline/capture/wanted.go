package capture

import (
	"cmp"
	"mime"
	"net/url"
	"path"
	"strings"

	"pipe/pipeline/client"
	"pipe/steps"
)

// wanted are the files that one listening is for: as a rule one.
type wanted []steps.CaptureOptions

// alone is the one file that is wanted, nil where there are several.
func (w wanted) alone() *steps.CaptureOptions {
	if len(w) != 1 {
		return nil
	}
	return &w[0]
}

// print is how the page is to be printed, nil where a file is to come.
func (w wanted) print() map[string]any {
	if one := w.alone(); one != nil {
		return one.Print
	}
	return nil
}

// page tells whether a page may be what is wanted.
func (w wanted) page() bool {
	for _, one := range w {
		if one.Kind == "html" {
			return true
		}
	}
	return false
}

// kinds are those of the files, for the page's hook.
func (w wanted) kinds() []string {
	var kinds []string
	for _, one := range w {
		kind := one.Kind
		if kind == "" {
			kind = strings.ToLower(strings.TrimPrefix(path.Ext(one.Name), "."))
		}
		if one.Print != nil {
			kind = "print"
		}
		kinds = append(kinds, kind)
	}
	return kinds
}

// serves gives those files that an answer to a script or a frame may be, by what
// the site says of it.
func (w wanted) serves(req paused) []int {
	var fits []int
	for i, one := range w {
		// An answer that the spec describes may be served under any type.
		if (serves(req.headers, one.Kind) || one.Match.Given()) && one.Match.Holds(req.url, suggestedName(req), header(req.headers, "content-type")) {
			fits = append(fits, i)
		}
	}
	return fits
}

// rulesOut tells whether an answer cannot be what is wanted: the site says that it
// is of another kind.
func (w wanted) rulesOut(req paused) bool {
	content, _, _ := mime.ParseMediaType(header(req.headers, "content-type"))
	for _, one := range w {
		if one.Kind == "" || one.Kind == "any" || one.Match.Given() || serves(req.headers, one.Kind) || !isOfKind(content) {
			return false
		}
	}
	return true
}

// matching gives those files whose patterns a file matches, of which the address,
// the site's name and the content type are known as far as they are.
func (w wanted) matching(url, name, content string) []int {
	var fits []int
	for i, one := range w {
		if one.Match.Holds(url, name, content) {
			fits = append(fits, i)
		}
	}
	return fits
}

// promises tells whether a file's name says that it is of the wanted kind, so that
// it need not be here before the page goes on.
func promises(want *steps.CaptureOptions, name string) bool {
	switch {
	case want.Kind == "any":
		return true
	case want.Kind != "":
		return (&steps.Proof{}).Kind(name) == want.Kind
	default:
		ext := path.Ext(name)
		return ext != "" && strings.EqualFold(ext, path.Ext(want.Name))
	}
}

// suggestedName is the site's name for a file: what it says, else how its address
// ends.
func suggestedName(req paused) string {
	return cmp.Or(client.SiteName(header(req.headers, "content-disposition"), ""), nameOf(req.url))
}

// nameOf is how an address ends.
func nameOf(raw string) string {
	u, err := url.Parse(raw)
	if err != nil || u.Scheme == "blob" || u.Scheme == "data" || strings.HasSuffix(u.Path, "/") || u.Path == "" {
		return ""
	}
	return path.Base(u.Path)
}
