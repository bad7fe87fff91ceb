package app

import (
	"bytes"
	"context"
	"encoding/json"
	"os"
	"path/filepath"

	"github.com/modelcontextprotocol/go-sdk/mcp"

	"pipe/pipeline"
	"pipe/pipeline/report/summary"
)

// keyInput names an item of a spec.
type keyInput struct {
	Spec string `json:"spec" jsonschema:"the path of the spec, relative to the folder of the server"`
	Item string `json:"item" jsonschema:"the key of the item"`
}

// picturesMost is how many screenshots an answer holds.
const picturesMost = 3

// addKeptTools adds what looks at what runs have left.
func (m *mcpServer) addKeptTools(s *mcp.Server) {
	tool(s, m, "status", "What of a spec's items is done, skipped, failed and pending, and whether the files are there.", true,
		func(ctx context.Context, _ *mcp.CallToolRequest, in specInput, a *answer) error {
			a.fine = []int{ExitFailed}
			path, err := m.path(in.Spec)
			if err != nil {
				return err
			}
			opts := m.opts
			opts.Lenient = true
			spec, secrets, dir, err := opts.LoadFolder(path, "")
			if err != nil {
				return err
			}
			return RedactError(Status(ctx, spec, dir, true, a.std()), secrets)
		})
	tool(s, m, "failures", "What failed in the last run, by cause, as JSON, with the screenshots of the first causes.", true,
		func(ctx context.Context, _ *mcp.CallToolRequest, in specInput, a *answer) error {
			a.fine = []int{ExitFailed}
			path, err := m.path(in.Spec)
			if err != nil {
				return err
			}
			err = Failures(ctx, path, KeptOptions{SpecOptions: m.opts, AsJSON: true}, a.std())
			var shown failuresShown
			if json.Unmarshal(a.out.Bytes(), &shown) == nil {
				evidence := shown.Evidence
				for _, c := range shown.Causes {
					if c.Evidence != nil {
						evidence = append(evidence, *c.Evidence)
					}
				}
				m.addEvidence(a, path, evidence)
			}
			return err
		})
	tool(s, m, "show", "All that is known of one item, as JSON: its row, attempts with their steps, files, record; with the screenshot of its last failure.", true,
		func(ctx context.Context, _ *mcp.CallToolRequest, in keyInput, a *answer) error {
			path, err := m.path(in.Spec)
			if err != nil {
				return err
			}
			err = Show(ctx, path, in.Item, KeptOptions{SpecOptions: m.opts, AsJSON: true}, a.std())
			var shown struct{ Evidence []summary.Evidence }
			if json.Unmarshal(a.out.Bytes(), &shown) == nil {
				m.addEvidence(a, path, shown.Evidence[max(0, len(shown.Evidence)-1):])
			}
			return err
		})
}

// addEvidence adds the screenshots of failures, in which secrets are covered, and their pages' texts
// by name. What is not there any more is left out.
func (m *mcpServer) addEvidence(a *answer, path string, all []summary.Evidence) {
	opts := m.opts
	_, _, dir, err := opts.LoadFolder(path, "")
	if err != nil {
		return
	}
	for _, e := range all {
		if len(a.pictures) == picturesMost || !e.Has(pipeline.EvidenceScreenshot) || !filepath.IsLocal(filepath.FromSlash(e.Folder)) {
			continue
		}
		png, err := os.ReadFile(filepath.Join(dir, filepath.FromSlash(e.Folder), pipeline.EvidenceScreenshot)) //nolint:gosec // below the output folder
		if err == nil && bytes.HasPrefix(png, []byte("\x89PNG")) {
			a.pictures = append(a.pictures, png)
		}
	}
}
