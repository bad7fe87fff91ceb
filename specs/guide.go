package specs

import (
	"embed"
	"io/fs"
	"strings"
)

//go:embed guide/*.md
var guide embed.FS

// GuidePage is a page of the guide.
type GuidePage struct {
	// Name is that of its file without the ending, Title its heading, Text all of it in Markdown.
	Name, Title, Text string
}

// GuidePages are the pages of the guide, by name.
func GuidePages() []GuidePage {
	files, err := fs.Glob(guide, "guide/*.md")
	if err != nil {
		panic(err) // the pattern is ours
	}
	var all []GuidePage
	for _, path := range files {
		text, err := guide.ReadFile(path)
		if err != nil {
			panic(err) // it is built in
		}
		title, _, _ := strings.Cut(strings.TrimPrefix(string(text), "# "), "\n")
		all = append(all, GuidePage{strings.TrimSuffix(strings.TrimPrefix(path, "guide/"), ".md"), title, string(text)})
	}
	return all
}
