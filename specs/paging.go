package specs

import (
	"gopkg.in/yaml.v3"

	"pipe/specs/document"
)

// Paging is how the pages of a list are turned: in one of the ways.
type Paging struct {
	Next     Target    `yaml:"next" doc:"the button or link to the next page; the last page is where it is gone or disabled"`
	Numbers  Target    `yaml:"numbers" doc:"the links to the pages by their numbers, as 3, Page 3 or [3], and those to further numbers, as … or »; the one with the next number is taken, else the one that leads on behind the numbers, until there is neither"`
	More     Target    `yaml:"more" doc:"the button that loads more into the page; the end is where it is gone, or stays disabled for patience"`
	Scroll   *ScrollTo `yaml:"scroll" doc:"more comes by scrolling, be it loaded at the end or drawn where it comes into view: true for the page's, or the element that scrolls; the end is where nothing more comes"`
	End      Target    `yaml:"end" doc:"what is to be seen on the last page, where the way itself does not tell"`
	Total    *Total    `yaml:"total" doc:"what tells how many rows there are in all, as 1–25 of 39 or 39 results: as many must have been read, else it is a failure"`
	Patience Duration  `yaml:"patience" default:"2s" doc:"with scroll and more: how long nothing more comes, and nothing is asked for, at the end"`
	Most     int       `yaml:"most" doc:"the most pages, the rest is left, which is told; default: all, and over 10000 is a failure"`
}

// Total is an element that tells how many rows a list has.
type Total struct {
	Target Target  `yaml:",inline" short:"true" required:"true"`
	Match  Pattern `yaml:"match" doc:"a regular expression that finds the number in a text with several, by its first group"`
}

// Number is the part of the element's text in which the number is.
func (t *Total) Number(text string) string {
	if t.Match.re == nil {
		return text
	}
	found := t.Match.re.FindStringSubmatch(text)
	if found == nil {
		return ""
	}
	return found[min(1, len(found)-1)]
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
