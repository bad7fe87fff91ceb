package inspect

import (
	"context"
	"fmt"

	"github.com/playwright-community/playwright-go"

	"pipe/steps"
)

// Page is what there is on a page. Targets are as a spec has them: each is the text of a YAML
// value on one line, such as {role: button, name: Save}, and finds its element alone. Where a
// thing has several they are alternatives, the steadiest first.
type Page struct {
	URL   string `json:"url"`
	Title string `json:"title,omitempty"`
	// Documents are the page's own and those in its frames.
	Documents []Document `json:"documents"`
}

// Document is the page's own document or that of a frame.
type Document struct {
	// Frame are the selectors of the frames that hold it, the outermost first, as the frame: of
	// a target has them; they are in the targets already. It is empty for the page's own.
	Frame []string `json:"frame,omitempty"`
	URL   string   `json:"url,omitempty"`
	Title string   `json:"title,omitempty"`
	// Problem says why it could not be read.
	Problem string `json:"problem,omitempty"`
	// Tree is the accessibility tree: of what repeats the first are shown, and the others counted.
	Tree  []Node  `json:"tree"`
	Lists []List  `json:"lists"`
	Forms []Form  `json:"forms"`
	Files []Files `json:"files"`
	// Notes tell what is particular about it: shadow roots, frames that are not shown, bounds.
	Notes []string `json:"notes,omitempty"`
}

// Node is a node of the accessibility tree.
type Node struct {
	Role string `json:"role,omitempty"`
	Name string `json:"name,omitempty"`
	Text string `json:"text,omitempty"`
	// States are such as checked, disabled, level=2.
	States []string `json:"states,omitempty"`
	URL    string   `json:"url,omitempty"`
	// Targets are there for what can be acted on.
	Targets []string `json:"targets,omitempty"`
	// More is how many more like the node before it are left out; -1 for nobody knows.
	More     int    `json:"more,omitempty"`
	Children []Node `json:"children,omitempty"`
}

// List is a table, a grid, a list, or what repeats like one.
type List struct {
	// Kind is table, grid, list or repeated.
	Kind string `json:"kind"`
	Name string `json:"name,omitempty"`
	// Rows is how many there are, Total how many the page says there are in all, 0 for nothing
	// said; Left counts rows that are not like the others and are left out.
	Rows    int      `json:"rows"`
	Total   int      `json:"total,omitempty"`
	Left    int      `json:"left,omitempty"`
	Columns []Column `json:"columns"`
	// Source is the section of a spec that reads it, "" where none can be made.
	Source string `json:"source"`
	// Key names a column of which no two rows have the same value, "" for none.
	Key string `json:"key,omitempty"`
	// Actions are what can be acted on in the row of an item.
	Actions []Action `json:"actions,omitempty"`
}

// Column is one of a list's.
type Column struct {
	Name string `json:"name"`
	// Header is what the page has above it.
	Header  string   `json:"header,omitempty"`
	Samples []string `json:"samples"`
	Unique  bool     `json:"unique,omitempty"`
}

// Action is what can be acted on in each row, as that of the row of an item.
type Action struct {
	Role   string `json:"role"`
	Name   string `json:"name,omitempty"`
	Target string `json:"target"`
}

// Form is a form, or the fields that belong to none.
type Form struct {
	Name   string  `json:"name,omitempty"`
	Method string  `json:"method,omitempty"`
	Action string  `json:"action,omitempty"`
	Fields []Field `json:"fields"`
	// Submits are the steps that send it off.
	Submits []string `json:"submits,omitempty"`
	// Left is how many fields are left out.
	Left int `json:"left,omitempty"`
}

// Field is a field of a form.
type Field struct {
	Label string `json:"label,omitempty"`
	// Type is that of the input, or select, textarea, or the role.
	Type     string `json:"type"`
	Name     string `json:"name,omitempty"`
	Required bool   `json:"required,omitempty"`
	Disabled bool   `json:"disabled,omitempty"`
	ReadOnly bool   `json:"readonly,omitempty"`
	// Secret is true for passwords and their like, whose value is never told.
	Secret  bool     `json:"secret,omitempty"`
	Value   string   `json:"value,omitempty"`
	Options []string `json:"options,omitempty"`
	// OptionCount is how many options there are, of which the first are shown.
	OptionCount int      `json:"option_count,omitempty"`
	Accept      string   `json:"accept,omitempty"`
	Targets     []string `json:"targets,omitempty"`
	// Step is the step that fills it, with an empty value to be filled in.
	Step string `json:"step,omitempty"`
}

// Files are the links to files of one type.
type Files struct {
	// Type is the ending, or "file" for a link that says no more than that it is a download.
	Type  string `json:"type"`
	Count int    `json:"count"`
	// Links are the first of them.
	Links []Link `json:"links"`
}

// Link is a link to a file.
type Link struct {
	Name string `json:"name,omitempty"`
	URL  string `json:"url"`
	// Download is the name that the page gives the file, where it gives one.
	Download string   `json:"download,omitempty"`
	Targets  []string `json:"targets,omitempty"`
}

const (
	// documentsMost and depthMost bound the frames that are looked into.
	documentsMost = 20
	depthMost     = 5
)

// Look tells what there is on a page, frames included. A frame that cannot be read is told as
// such; the error is the page's own. redact takes secrets out of what the page has.
func Look(ctx context.Context, page playwright.Page, redact func(string) string) (*Page, error) {
	l := &look{page: page, redact: redact, out: &Page{}}
	if err := l.document(ctx, nil); err != nil {
		return nil, err
	}
	return l.out, nil
}

// look is a look at a page under way.
type look struct {
	page   playwright.Page
	redact func(string) string
	out    *Page
}

// document looks at the document within some frames, and at those within it.
func (l *look) document(ctx context.Context, frames []string) error {
	snap, err := steps.TakeSnapshot(ctx, l.page, l.redact, frames...)
	switch {
	case err != nil && (len(frames) == 0 || ctx.Err() != nil):
		return err
	case err != nil:
		l.out.Documents = append(l.out.Documents, Document{Frame: frames, Problem: l.redact(err.Error())})
		return nil
	}
	if len(frames) == 0 {
		l.out.URL, l.out.Title = snap.URL, cut(snap.Title, nameMost)
	}
	r := reading{frames: frames, address: l.out.URL}
	l.out.Documents = append(l.out.Documents, r.document(snap))
	at := len(l.out.Documents) - 1
	hidden, left := 0, 0
	for _, f := range snap.Frames {
		selector := frameSelector(f.Selectors)
		switch {
		case !f.Visible:
			hidden++
		case selector == "" || len(frames) >= depthMost || len(l.out.Documents) >= documentsMost:
			left++
		default:
			inner := append(append([]string{}, frames...), selector)
			if err := l.document(ctx, inner); err != nil {
				return err
			}
		}
	}
	doc := &l.out.Documents[at]
	if hidden > 0 {
		doc.Notes = append(doc.Notes, fmt.Sprintf("frames that show nothing, and were not looked into: %d", hidden))
	}
	if left > 0 {
		doc.Notes = append(doc.Notes, fmt.Sprintf("more frames, which were not looked into: %d", left))
	}
	return nil
}
