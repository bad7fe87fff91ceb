package specs

import (
	"gopkg.in/yaml.v3"

	"pipe/specs/document"
)

// Paging is how the pages of a list are turned: in one of the ways.
type Paging struct {
	Next     Target    `yaml:"next" doc:"the button or link to the next page; the last page is where it is gone or disabled"`
	Numbers  Target    `yaml:"numbers" doc:"the links to the pages by their numbers; the one whose text is the next number is taken, until there is none"`
	More     Target    `yaml:"more" doc:"the button that loads more into the page; the end is where it is gone or disabled"`
	Scroll   *ScrollTo `yaml:"scroll" doc:"more is loaded by scrolling to the end: true for the page's, or the element that scrolls; the end is where nothing more comes"`
	End      Target    `yaml:"end" doc:"what is to be seen on the last page, where the way itself does not tell"`
	Patience Duration  `yaml:"patience" default:"2s" doc:"with scroll: how long nothing more comes, and nothing is asked for, at the end"`
	Most     int       `yaml:"most" doc:"the most pages, the rest is left; default: all, and over 10000 is a failure"`
}

// Fault tells of pages that are turned in no way, or in several.
func (p *Paging) Fault() string {
	ways := 0
	for _, given := range []bool{p.Next.Given(), p.Numbers.Given(), p.More.Given(), p.Scroll != nil} {
		if given {
			ways++
		}
	}
	if ways != 1 {
		return "say how the pages are turned: give one of next, numbers, more and scroll"
	}
	return ""
}

// ScrollTo is what scrolls: the page, unless a target is given.
type ScrollTo struct{ Target Target }

func (s *ScrollTo) decodeNode(d *decoder, n *yaml.Node, at cursor) {
	if n.Kind == yaml.ScalarNode && n.Tag == "!!bool" {
		if n.Value != "true" {
			d.Fault(n, "want true, or the element that scrolls, not %s", document.Describe(n))
		}
		return
	}
	d.decode(n, reflectOf(&s.Target), at)
}
