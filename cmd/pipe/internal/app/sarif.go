package app

import (
	"cmp"
	"fmt"
	"net/url"
	"path/filepath"
	"slices"
	"strings"
)

// The parts of SARIF 2.1.0 that say what is wrong and where:
// https://docs.oasis-open.org/sarif/sarif/v2.1.0/sarif-v2.1.0.html
type (
	// SARIFLog is a whole file of it.
	SARIFLog struct {
		Schema  string     `json:"$schema"`
		Version string     `json:"version"`
		Runs    []sarifRun `json:"runs"`
	}
	sarifRun struct {
		Tool       sarifTool     `json:"tool"`
		ColumnKind string        `json:"columnKind"`
		Results    []sarifResult `json:"results"`
	}
	sarifTool struct {
		Driver sarifDriver `json:"driver"`
	}
	sarifDriver struct {
		Name    string      `json:"name"`
		Version string      `json:"version"`
		Rules   []sarifRule `json:"rules"`
	}
	sarifRule struct {
		ID   string    `json:"id"`
		Text sarifText `json:"shortDescription"`
	}
	sarifResult struct {
		Rule      string          `json:"ruleId"`
		Level     string          `json:"level"`
		Message   sarifText       `json:"message"`
		Locations []sarifLocation `json:"locations"`
	}
	sarifText struct {
		Text string `json:"text"`
	}
	sarifLocation struct {
		Physical sarifPlace `json:"physicalLocation"`
	}
	sarifPlace struct {
		Artifact sarifArtifact `json:"artifactLocation"`
		Region   *sarifRegion  `json:"region,omitempty"`
	}
	sarifArtifact struct {
		URI string `json:"uri"`
	}
	sarifRegion struct {
		Line    int        `json:"startLine"`
		Column  int        `json:"startColumn"`
		Snippet *sarifText `json:"snippet,omitempty"`
	}
)

// sarifRules are one for what a spec says and one for a file that is none.
const (
	sarifSpec = "spec"
	sarifFile = "file"
	sarifMean = "meaning"
)

// sarifOf gives the faults of specs as SARIF.
func sarifOf(found []checked) SARIFLog {
	run := sarifRun{
		Tool: sarifTool{sarifDriver{Name: "pipe", Version: Version(), Rules: []sarifRule{
			{sarifSpec, sarifText{"A spec says what cannot be."}},
			{sarifFile, sarifText{"A spec cannot be read."}},
			{sarifMean, sarifText{"A spec may not say what is meant."}},
		}}},
		ColumnKind: "unicodeCodePoints",
		Results:    []sarifResult{},
	}
	// What is wrong with a file that many specs include is one thing.
	told := map[string]bool{}
	for _, v := range found {
		for i, f := range slices.Concat(v.Faults, v.Warnings) {
			f.File = cmp.Or(f.File, v.File)
			if place := fmt.Sprint(f.File, f.Line, ":", f.Column, f.Message); !told[place] {
				told[place] = true
				run.Results = append(run.Results, f.sarif())
				if last := len(run.Results) - 1; i >= len(v.Faults) {
					run.Results[last].Rule, run.Results[last].Level = sarifMean, "warning"
				}
			}
		}
	}
	return SARIFLog{Schema: "https://json.schemastore.org/sarif-2.1.0.json", Version: "2.1.0", Runs: []sarifRun{run}}
}

func (f fault) sarif() sarifResult {
	place := sarifPlace{Artifact: sarifArtifact{SARIFURI(f.File)}}
	out := sarifResult{Rule: sarifFile, Level: "error", Message: sarifText{f.Message}}
	if f.Line > 0 {
		out.Rule = sarifSpec
		place.Region = &sarifRegion{Line: f.Line, Column: f.Column}
		if f.Source != "" {
			place.Region.Snippet = &sarifText{f.Source}
		}
	}
	if f.Path != "" {
		out.Message.Text = f.Path + ": " + f.Message
	}
	out.Locations = []sarifLocation{{place}}
	return out
}

// SARIFURI is a path as an address: relative where the path is.
func SARIFURI(path string) string {
	u := url.URL{Path: filepath.ToSlash(filepath.Clean(path))}
	if filepath.IsAbs(path) {
		u.Scheme = "file"
		if !strings.HasPrefix(u.Path, "/") {
			u.Path = "/" + u.Path
		}
	}
	return u.String()
}
