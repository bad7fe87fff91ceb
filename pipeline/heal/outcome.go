package heal

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/playwright-community/playwright-go"

	"pipe/specs"
	"pipe/specs/document"
	"pipe/steps"
)

// Healed is a target that leads to its element again.
type Healed struct {
	Path string       `json:"path"`
	Pos  document.Pos `json:"-"`
	// Old and New are the target as the spec has it and as it is to have it.
	Old string `json:"old"`
	New string `json:"new"`
	// Score is how much the element is like what was known, Margin how much more than any
	// other.
	Score  float64       `json:"score"`
	Margin float64       `json:"margin"`
	Run    int64         `json:"known_since_run"`
	Now    steps.Element `json:"element"`
	// Picture is the file of a picture of the page, in which the element is outlined.
	Picture string `json:"picture,omitempty"`
	// Also are the paths of targets that name the same by an id and go along with it.
	Also []string `json:"also,omitempty"`

	// place is that of the target, by which steps ask for it.
	place string
}

// Where names the target's place in the spec.
func (h Healed) Where() string { return fmt.Sprintf("%s (%s)", h.Path, h.Pos) }

// String tells it to a person.
func (h Healed) String() string {
	return fmt.Sprintf("%s leads to nothing any more, and %s is like what it led to: %s", h.Old, Candidate{Score: h.Score, Element: h.Now}, h.New)
}

// Left is a target that leads to nothing, and for which nothing is proposed.
type Left struct {
	Path       string       `json:"path"`
	Pos        document.Pos `json:"-"`
	Target     string       `json:"target"`
	Reason     string       `json:"reason"`
	Candidates []Candidate  `json:"candidates,omitempty"`
}

// Outcome gives what has been healed and what not.
func (h *Healer) Outcome() ([]Healed, []Left) {
	h.mu.Lock()
	defer h.mu.Unlock()
	return slices.Clone(h.healed), slices.Clone(h.left)
}

// Found implements steps.Elements: it notes what the walk has come across.
func (h *Healer) Found(_ context.Context, _ *steps.StepContext, _ string, t specs.Target, _ playwright.Locator) func(error) {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.seen[t.String()] = true
	return nil
}

// Unseen gives the paths of optional targets that are known, and that no step has come
// across: whether they are as they were, nobody can tell.
func (h *Healer) Unseen() (paths []string) {
	h.mu.Lock()
	defer h.mu.Unlock()
	for _, at := range h.targets {
		if at.Step == nil || !at.Step.Optional || h.seen[at.Target.String()] {
			continue
		}
		if _, is := knownOf(h.Known, at.Place, at.Target, h.Redact); is {
			paths = append(paths, at.Path)
		}
	}
	return paths
}

// pictureLimit bounds a picture.
const pictureLimit = 10 * time.Second

// picture keeps a picture of the page with the element outlined, if it can be had.
func (h *Healer) picture(ctx context.Context, on *steps.StepContext, place string, c Candidate) string {
	if h.Picture == nil {
		return ""
	}
	ctx, cancel := context.WithTimeout(ctx, pictureLimit)
	defer cancel()
	png, err := on.TakeOutlined(ctx, c.found)
	if err != nil {
		return ""
	}
	file, err := h.Picture(place, png)
	if err != nil {
		return ""
	}
	return file
}

// describe names an element for a person.
func describe(e steps.Element) string {
	for _, text := range []string{e.Name, e.Label, e.Text} {
		if text != "" {
			return fmt.Sprintf("%s %q", cmpOr(e.Role, e.Tag), strings.ToValidUTF8(text[:min(len(text), textMost)], ""))
		}
	}
	if id := e.Attributes["id"]; id != "" {
		return e.Tag + "#" + id
	}
	return cmpOr(e.Role, e.Tag)
}

// String names the candidate for a person, with its score.
func (c Candidate) String() string {
	return fmt.Sprintf("%s, %.0f %%", describe(c.Element), 100*c.Score)
}
