package steps

import (
	"mime"
	"path"
	"strings"

	"pipe/specs/expr"
)

// Match is what the file's address, name and type must be like, where a page
// fetches several.
type Match struct {
	URL  expr.Template `yaml:"url" short:"true" doc:"a glob that the file's address must match, as **/pdf/**"`
	Name expr.Template `yaml:"name" doc:"a glob that the site's name for the file must match, as *.pdf"`
	Type expr.Template `yaml:"type" doc:"a glob that the content type must match which the site gives the file, as application/pdf or image/*"`
}

// with evaluates the patterns.
func (m *Match) with(values expr.Values) (FileMatch, error) {
	if m == nil {
		return FileMatch{}, nil
	}
	var out FileMatch
	for _, part := range []struct {
		from *expr.Template
		to   *string
	}{{&m.URL, &out.URL}, {&m.Name, &out.Name}, {&m.Type, &out.Type}} {
		var err error
		if *part.to, err = part.from.Text(values); err != nil {
			return out, err
		}
	}
	return out, nil
}

// FileMatch are globs that a file's address, name and content type must match;
// "" matches all.
type FileMatch struct{ URL, Name, Type string }

// Given tells whether there is any.
func (m FileMatch) Given() bool { return m != FileMatch{} }

// Holds tells whether a file matches, of which the address, the site's name
// and the content type may each be "": then it matches no pattern for it, but
// for a type, which the name's ending can stand for.
func (m FileMatch) Holds(url, name, content string) bool {
	return (m.URL == "" || Glob(m.URL)(url)) &&
		(m.Name == "" || Glob(strings.ToLower(m.Name))(strings.ToLower(name))) &&
		(m.Type == "" || Glob(strings.ToLower(m.Type))(mediaType(content, name)))
}

// mediaType is a content type without its parameters, else what the ending of
// the name stands for.
func mediaType(content, name string) string {
	if content == "" {
		content = mime.TypeByExtension(strings.ToLower(path.Ext(name)))
	}
	kind, _, _ := strings.Cut(content, ";")
	return strings.ToLower(strings.TrimSpace(kind))
}
