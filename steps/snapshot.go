package steps

import (
	"context"
	_ "embed"
	"encoding/json"
	"fmt"
	"strings"
	"time"

	"github.com/playwright-community/playwright-go"
)

// Snapshot is what there is on one document, as whoever writes a spec wants to know it. All
// selectors are the driver's own, the steadiest first, and find their element alone in its
// frame. It is bounded, however long the page: of what repeats the first three are shown, and
// the others counted. The values of fields for secrets are not in it.
type Snapshot struct {
	Title string `json:"title"`
	URL   string `json:"url"`
	// Tree are the roots of the accessibility tree.
	Tree  []SnapshotNode `json:"tree"`
	Lists []SnapshotList `json:"lists"`
	Forms []SnapshotForm `json:"forms"`
	// Files are the links to files, by their types.
	Files  []SnapshotFiles `json:"files"`
	Frames []SnapshotFrame `json:"frames"`
	// Shadow counts the elements with an open shadow root; selectors reach into these.
	Shadow int `json:"shadow"`
	// Elements is how many there are, Cut is true where there are more than were looked at,
	// Untargeted where there was too much to find selectors for all.
	Elements   int  `json:"elements"`
	Cut        bool `json:"cut"`
	Untargeted bool `json:"untargeted"`
}

// SnapshotNode is a node of the accessibility tree: one with a role, a text, or how many more
// like the one before it are left out (-1 for nobody knows).
type SnapshotNode struct {
	Role     string `json:"role"`
	Name     string `json:"name"`
	Text     string `json:"text"`
	More     int    `json:"more"`
	Checked  string `json:"checked"`
	Disabled string `json:"disabled"`
	Expanded string `json:"expanded"`
	Pressed  string `json:"pressed"`
	Selected string `json:"selected"`
	Level    string `json:"level"`
	URL      string `json:"url"`
	// Selectors are there for what can be acted on.
	Selectors []string       `json:"selectors"`
	Children  []SnapshotNode `json:"children"`
}

// SnapshotList is a table, a grid, a list, or what repeats like one.
type SnapshotList struct {
	// Kind is table, grid, list or repeated.
	Kind string `json:"kind"`
	Name string `json:"name"`
	// Selector finds the rows of data, and with Skip, which marks what else it finds, nothing
	// else; Count is how many there are.
	Selector string `json:"selector"`
	Skip     string `json:"skip"`
	Count    int    `json:"count"`
	// Total is what a grid says of its rows that are not all there, 0 for nothing; Odd counts
	// rows with fewer cells, which are left out.
	Total   int              `json:"total"`
	Odd     int              `json:"odd"`
	Columns []SnapshotColumn `json:"columns"`
	// Actions are what can be acted on in each row, by selectors within it.
	Actions []SnapshotAction `json:"actions"`
	// Next and More turn its pages.
	Next   []string `json:"next"`
	More   []string `json:"more"`
	Shadow bool     `json:"shadow"`
}

// SnapshotColumn is a column: Selector finds its cell within a row, Link the link in that.
type SnapshotColumn struct {
	Header   string   `json:"header"`
	Class    string   `json:"class"`
	Selector string   `json:"selector"`
	Link     string   `json:"link"`
	Samples  []string `json:"samples"`
	// Filled is true where all rows that were looked at have a text in it, Unique where no two
	// have the same.
	Filled bool `json:"filled"`
	Unique bool `json:"unique"`
}

// SnapshotAction is what can be acted on in each row of a list.
type SnapshotAction struct {
	Role     string `json:"role"`
	Name     string `json:"name"`
	Selector string `json:"selector"`
}

// SnapshotForm is a form, or the fields that belong to none.
type SnapshotForm struct {
	Name    string           `json:"name"`
	Method  string           `json:"method"`
	Action  string           `json:"action"`
	Fields  []SnapshotField  `json:"fields"`
	Submits []SnapshotSubmit `json:"submits"`
	// More is how many fields are left out.
	More int `json:"more"`
}

// SnapshotField is a field of a form. Value is "" for a secret one.
type SnapshotField struct {
	Label       string   `json:"label"`
	Type        string   `json:"type"`
	Name        string   `json:"name"`
	Placeholder string   `json:"placeholder"`
	Accept      string   `json:"accept"`
	Value       string   `json:"value"`
	Required    bool     `json:"required"`
	Disabled    bool     `json:"disabled"`
	ReadOnly    bool     `json:"readonly"`
	Secret      bool     `json:"secret"`
	Options     []string `json:"options"`
	OptionCount int      `json:"optionCount"`
	Selectors   []string `json:"selectors"`
}

// SnapshotSubmit sends a form off.
type SnapshotSubmit struct {
	Name      string   `json:"name"`
	Selectors []string `json:"selectors"`
}

// SnapshotFiles are the links to files of one type.
type SnapshotFiles struct {
	Type  string         `json:"type"`
	Count int            `json:"count"`
	Files []SnapshotLink `json:"files"`
}

// SnapshotLink is a link to a file.
type SnapshotLink struct {
	Name      string   `json:"name"`
	URL       string   `json:"url"`
	Download  *string  `json:"download"`
	Selectors []string `json:"selectors"`
}

// SnapshotFrame is a frame within the document.
type SnapshotFrame struct {
	Name      string   `json:"name"`
	URL       string   `json:"url"`
	Visible   bool     `json:"visible"`
	Selectors []string `json:"selectors"`
}

// The parts of the script that takes a snapshot.
var (
	//go:embed snapshot.js
	snapshotJS string
	//go:embed snapshot_selectors.js
	snapshotSelectorsJS string
	//go:embed snapshot_tree.js
	snapshotTreeJS string
	//go:embed snapshot_lists.js
	snapshotListsJS string
	//go:embed snapshot_fields.js
	snapshotFieldsJS string
)

// snapshotLimit bounds the look at one document.
const snapshotLimit = 30 * time.Second

// snapshotBounds are the most of each thing that a snapshot has.
var snapshotBounds = map[string]any{
	"testID": testIDAttribute, "elements": 300_000, "nodes": 3000, "run": 25, "targets": 250, "walks": 50_000,
	"rows": 3, "sample": 20, "margin": 1000, "columns": 40, "lists": 20, "fields": 80, "options": 20, "files": 5, "frames": 20,
}

// TakeSnapshot tells what there is on a page, at the cost of one command, or on a document
// within frames of it, by their selectors from the outermost. It waits for a frame's document
// as long as ctx allows, and at most 30 s. redact takes secrets out of it; texts have up to 1,000
// characters more than anybody wants to be shown, so that it sees secrets whole.
func TakeSnapshot(ctx context.Context, page playwright.Page, redact func(string) string, frames ...string) (Snapshot, error) {
	var s Snapshot
	ctx, cancel := context.WithTimeout(ctx, snapshotLimit)
	defer cancel()
	options, err := json.Marshal(snapshotBounds)
	if err != nil {
		return s, err
	}
	selector := snapshotEngine + "=" + string(options)
	if len(frames) > 0 {
		selector = strings.Join(frames, enterFrame) + enterFrame + selector
	}
	text, err := Call(ctx, "looking at the page", func() (string, error) {
		return page.Locator(selector).TextContent(playwright.LocatorTextContentOptions{Timeout: timeoutMillis(ctx)})
	})
	if err != nil {
		return s, err
	}
	if err := json.Unmarshal([]byte(redact(text)), &s); err != nil {
		return s, fmt.Errorf("looking at the page: %w", err)
	}
	return s, nil
}
