package app

import (
	"bytes"
	"fmt"
	"path"
	"strings"
	"text/tabwriter"

	"pipe/specs"
	"pipe/specs/document"
	"pipe/specs/schema"
	"pipe/steps"
)

const (
	// referencePage is the reference among the pages, indexPage the list of them.
	referencePage = "reference"
	indexPage     = "README"
)

// GuideNames are the names that GuideText knows.
func GuideNames() (names []string) {
	for _, page := range specs.GuidePages() {
		if page.Name != indexPage {
			names = append(names, page.Name)
		}
	}
	names = append(names, referencePage)
	for _, name := range specs.Shipped() {
		names = append(names, name+".yaml")
	}
	return names
}

// GuideText gives a page of the guide, the reference, or a shipped spec, whichever way its
// links name it: writing, writing.md, ../REFERENCE.md, app.yaml, specs/app.yaml.
func GuideText(name string) ([]byte, error) {
	base, _, _ := strings.Cut(path.Base(name), "#")
	if src, is := specs.ReadShipped("specs/" + base); is {
		return src, nil
	}
	base = strings.TrimSuffix(base, ".md")
	if strings.EqualFold(base, referencePage) {
		return schema.Reference(steps.Verbs()), nil
	}
	for _, page := range specs.GuidePages() {
		if page.Name == base {
			return []byte(page.Text), nil
		}
	}
	return nil, fmt.Errorf("the guide has no page %q%s: `pipe guide` tells which there are", name, document.DidYouMean(base, GuideNames()))
}

// GuideList tells which pages and specs there are, by the guide's own index.
func GuideList() []byte {
	var index string
	for _, page := range specs.GuidePages() {
		if page.Name == indexPage {
			index = page.Text
		}
	}
	var out bytes.Buffer
	w := tabwriter.NewWriter(&out, 0, 0, 2, ' ', 0)
	fmt.Fprintf(w, "pipe guide PAGE prints a page:\n\n  %s\tevery field, step and function\n", referencePage)
	for line := range strings.Lines(index) {
		cells := strings.Split(strings.TrimSpace(line), "|")
		if len(cells) != 4 {
			continue
		}
		_, link, is := strings.Cut(cells[1], "](")
		if name, _, ends := strings.Cut(link, ")"); is && ends {
			if name = path.Base(name); name == "inventory.yaml" {
				fmt.Fprint(w, "\nand of the shipped specs, each for a site that is built in another way:\n\n")
			}
			fmt.Fprintf(w, "  %s\t%s\n", strings.TrimSuffix(name, ".md"), strings.TrimSpace(cells[2]))
		}
	}
	_ = w.Flush() // a buffer takes all
	return out.Bytes()
}
