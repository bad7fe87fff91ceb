package render

import (
	"bufio"
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"unicode"

	"pipe/pipeline/report/summary"
)

// JSON writes the report as one object; its items come last, each on a line.
func JSON(w io.Writer, r *summary.Report, _ Options) error {
	out := bufio.NewWriter(w)
	head, err := json.MarshalIndent(r, "", "  ")
	if err != nil {
		return err
	}
	head = bytes.TrimSuffix(head, []byte("\n}"))
	fmt.Fprintf(out, "%s,\n  \"items\": [", Quiet(head))
	sep := "\n    "
	for item, err := range r.Items {
		if err != nil {
			return err
		}
		line, err := json.Marshal(item)
		if err != nil {
			return err
		}
		fmt.Fprintf(out, "%s%s", sep, Quiet(line))
		sep = ",\n    "
	}
	fmt.Fprint(out, "\n  ]\n}\n")
	return out.Flush()
}

// Quiet puts escapes in the place of those characters in JSON that a terminal obeys: its
// values stay as they are.
func Quiet(text []byte) []byte {
	odd := func(r rune) bool {
		return r >= 0x7f && unicode.IsControl(r) || unicode.Is(unicode.Bidi_Control, r)
	}
	if !bytes.ContainsFunc(text, odd) {
		return text
	}
	var quiet bytes.Buffer
	for _, r := range string(text) {
		if odd(r) {
			fmt.Fprintf(&quiet, `\u%04x`, r)
		} else {
			quiet.WriteRune(r)
		}
	}
	return quiet.Bytes()
}
