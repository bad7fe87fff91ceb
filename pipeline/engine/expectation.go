package engine

import (
	"fmt"
	"strings"

	"pipe/pipeline"
	"pipe/steps"
)

// expectation is what the spec wants of a captured file, but for matches and
// unique, which are not for the store to tell.
func expectation(c *steps.CapturedFile, openEnd bool) pipeline.Expectation {
	want := c.Proof
	return pipeline.Expectation{
		Type: want.Content(c.Name), OpenEnd: openEnd && !want.OpenEnd, MinSize: int64(want.MinSize), MaxSize: int64(want.MaxSize),
		MinPages: want.Pages.Min, MaxPages: want.Pages.Max, Contains: c.Contains, NotContains: c.NotContains,
	}
}

func (s *ProveStage) expectation(c *steps.CapturedFile, f *pipeline.File) pipeline.Expectation {
	want := expectation(c, f.OpenEnd)
	want.Others = s.siblings.longer(want.Contains)
	return want
}

// matches checks what the spec says of the file in an expression.
func matches(c *steps.CapturedFile, f pipeline.File, proof pipeline.Proof) error {
	want := c.Proof.Matches
	if want == nil {
		return nil
	}
	failed := func(format string, args ...any) error {
		return &pipeline.ProofError{Check: "matches", Reason: fmt.Sprintf(format, args...)}
	}
	if !proof.HasText {
		for _, field := range []string{"text", "pages"} {
			if want.Names("file", field) && (field == "text" || proof.Type == "pdf") {
				return failed("is %s: its %s cannot be read for `%s`", proof.What, field, want)
			}
		}
	}
	values := fileValues(f)
	values["text"] = proof.Text
	holds, err := c.Matches(values)
	switch {
	case err != nil:
		return failed("is %s, on which `%s` cannot be evaluated: %s", proof.What, want, firstLine(err.Error()))
	case !holds:
		return failed("is %s of %d bytes, of which `%s` does not hold", proof.What, f.Size, want)
	}
	return nil
}

func firstLine(text string) string {
	line, _, _ := strings.Cut(text, "\n")
	return line
}

// fileValues are what expressions know of a file.
func fileValues(f pipeline.File) map[string]any {
	return map[string]any{
		"name": f.Name, "size": int(f.Size), "sha256": f.SHA256, "type": f.Type, "pages": f.Pages, "via": f.Via, "url": f.URL,
		"site_name": f.SiteName,
	}
}
