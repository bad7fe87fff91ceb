package app

import (
	"encoding/json"
	"fmt"

	"pipe/pipeline/report/console"
	"pipe/specs/secret"
)

// What a file can be found to be.
const (
	fileMissing   = "missing"
	fileAltered   = "altered"
	fileWrong     = "wrong"
	fileUnchecked = "unchecked"
	fileOrphaned  = "orphaned"
)

// verdict is what was found of one file.
type verdict struct {
	File    string `json:"file"`
	Key     string `json:"key,omitempty"`
	Verdict string `json:"verdict"`
	Reason  string `json:"reason,omitempty"`
}

// verdicts sum up all files.
type verdicts struct {
	Files     int `json:"files"`
	Good      int `json:"good"`
	Missing   int `json:"missing"`
	Altered   int `json:"altered"`
	Wrong     int `json:"wrong"`
	Unchecked int `json:"unchecked"`
	Orphaned  int `json:"orphaned"`
}

func (s *verdicts) add(v verdict) {
	switch v.Verdict {
	case fileMissing:
		s.Missing++
	case fileAltered:
		s.Altered++
	case fileWrong:
		s.Wrong++
	case fileUnchecked:
		s.Unchecked++
	case fileOrphaned:
		s.Orphaned++
	default:
		s.Good++
	}
}

// remedy is the command that gets the files again.
type remedy string

// verdictReporter says what was found: a file that is not as it should be, the sum, or
// what to do next.
type verdictReporter func(v any)

// PlainVerdicts reports as lines of text.
func PlainVerdicts(std Std, secrets *secret.Store) verdictReporter {
	return func(v any) {
		switch v := v.(type) {
		case verdict:
			of, why := "", ""
			if v.Key != "" {
				of = "  of " + v.Key
			}
			if v.Reason != "" {
				why = ": " + secrets.Redact(v.Reason)
			}
			fmt.Fprintf(std.Out, "%-9s  %s%s%s\n", v.Verdict, console.Clean(v.File), console.Clean(of), console.Clean(why))
		case verdicts:
			fmt.Fprintf(std.Out, "files: %d on record = good %d + missing %d + altered %d + wrong %d + unchecked %d; orphaned %d\n",
				v.Files, v.Good, v.Missing, v.Altered, v.Wrong, v.Unchecked, v.Orphaned)
		case remedy:
			fmt.Fprintf(std.Out, "next: %s\n", secrets.Redact(string(v)))
		}
	}
}

// JSONVerdicts reports as lines of JSON.
func JSONVerdicts(std Std, secrets *secret.Store) verdictReporter {
	to := json.NewEncoder(redacted{std.Out, secrets})
	to.SetEscapeHTML(false)
	return func(v any) {
		if next, ok := v.(remedy); ok {
			v = map[string]string{"next": string(next)}
		}
		_ = to.Encode(v) // what a terminal does not take, nobody can be told
	}
}
