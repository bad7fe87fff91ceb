package htmlpage

import (
	"fmt"
	"strings"

	"github.com/antchfx/xpath"
	"golang.org/x/net/html"
)

// byXPath gives the elements that an XPath finds, from the element or the page in which it
// is looked for.
func byXPath(text string) (step, error) {
	if strings.HasPrefix(text, "/") {
		text = "." + text
	}
	compiled, err := xpath.Compile(text)
	if err != nil {
		return nil, needsPage(fmt.Sprintf("the XPath %q", text))
	}
	return func(d *document, root *html.Node) ([]*html.Node, error) {
		var found []*html.Node
		for at := compiled.Select(&navigator{root: d.root, at: root, attribute: -1}); at.MoveNext(); {
			n, is := at.Current().(*navigator)
			if !is || n.attribute >= 0 || n.at.Type != html.ElementNode {
				return nil, needsPage(fmt.Sprintf("the XPath %q, which finds what is no element,", text))
			}
			if _, in := d.order[n.at]; in {
				found = append(found, n.at)
			}
		}
		return d.inOrder(found), nil
	}, nil
}

// navigator goes through a document for an XPath.
type navigator struct {
	root, at *html.Node
	// attribute is the attribute of the element that it stands on, -1 for none.
	attribute int
}

var _ xpath.NodeNavigator = (*navigator)(nil)

func (n *navigator) NodeType() xpath.NodeType {
	switch n.at.Type {
	case html.CommentNode:
		return xpath.CommentNode
	case html.TextNode:
		return xpath.TextNode
	case html.DocumentNode, html.DoctypeNode:
		return xpath.RootNode
	}
	if n.attribute >= 0 {
		return xpath.AttributeNode
	}
	return xpath.ElementNode
}

func (n *navigator) LocalName() string {
	if n.attribute >= 0 {
		return n.at.Attr[n.attribute].Key
	}
	return n.at.Data
}

func (*navigator) Prefix() string { return "" }

func (n *navigator) Value() string {
	switch {
	case n.attribute >= 0:
		return n.at.Attr[n.attribute].Val
	case n.at.Type == html.CommentNode:
		return n.at.Data
	default:
		return textContent(n.at)
	}
}

func (n *navigator) Copy() xpath.NodeNavigator {
	other := *n
	return &other
}

func (n *navigator) MoveToRoot() { n.at, n.attribute = n.root, -1 }

func (n *navigator) MoveToParent() bool {
	if n.attribute >= 0 {
		n.attribute = -1
		return true
	}
	return n.move(n.at.Parent)
}

func (n *navigator) move(to *html.Node) bool {
	if to == nil {
		return false
	}
	n.at = to
	return true
}

func (n *navigator) MoveToNextAttribute() bool {
	if n.at.Type != html.ElementNode || n.attribute+1 >= len(n.at.Attr) {
		return false
	}
	n.attribute++
	return true
}

func (n *navigator) MoveToChild() bool {
	return n.attribute < 0 && n.move(skipDoctype(n.at.FirstChild))
}

// skipDoctype passes over what XPath does not know.
func skipDoctype(n *html.Node) *html.Node {
	for n != nil && n.Type == html.DoctypeNode {
		n = n.NextSibling
	}
	return n
}

func (n *navigator) MoveToFirst() bool {
	if n.attribute >= 0 || n.at.Parent == nil {
		return false
	}
	return n.move(skipDoctype(n.at.Parent.FirstChild))
}

func (n *navigator) MoveToNext() bool {
	return n.attribute < 0 && n.move(skipDoctype(n.at.NextSibling))
}

func (n *navigator) MoveToPrevious() bool {
	return n.attribute < 0 && n.at.PrevSibling != nil && n.at.PrevSibling.Type != html.DoctypeNode && n.move(n.at.PrevSibling)
}

func (n *navigator) MoveTo(other xpath.NodeNavigator) bool {
	to, is := other.(*navigator)
	if !is || to.root != n.root {
		return false
	}
	*n = *to
	return true
}
