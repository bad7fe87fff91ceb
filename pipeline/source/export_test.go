package source

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"pipe/pipeline/artifact"
)

// What a site sends for its list is taken by what it is, not by what it is called;
// a page without a table, above all the login page, is not taken.
func TestExportAccepts(t *testing.T) {
	t.Parallel()
	store, err := artifact.Open(t.Context(), t.TempDir(), artifact.Options{})
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = store.Close() }()
	s := &Source{Store: store}
	for name, test := range map[string]struct{ text, format, refused string }{
		"a table called a workbook":   {"<html><body><table><tr><td>a</td></tr></table></body></html>", "xlsx", ""},
		"a table called CSV":          {"<html><body><table><tr><td>a</td></tr></table></body></html>", "csv", ""},
		"a CSV file for a workbook":   {"a;b\n1;2\n", "xlsx", ""},
		"XML of Excel 2003":           {`<?xml version="1.0"?><Workbook xmlns="urn:schemas-microsoft-com:office:spreadsheet"></Workbook>`, "xlsx", ""},
		"a web archive":               {"MIME-Version: 1.0\r\nContent-Type: multipart/related\r\n\r\n", "xlsx", ""},
		"JSON":                        {`[{"a": 1}]`, "json", ""},
		"the login page":              {`<!doctype html><title>Sign in</title><table><tr><td><input type="password"></td></tr></table></html>`, "xlsx", `is the login page titled "Sign in"`},
		"a page without a table":      {"<!doctype html><title>Please wait</title></html>", "csv", `"Please wait"`},
		"a page for JSON":             {"<html><table></table></html>", "json", "not the expected file"},
		"a PDF":                       {"%PDF-1.4\n", "csv", "is cut off: a PDF"},
		"nothing":                     {"", "csv", "is empty"},
		"an error message of the API": {`{"error": "session expired"}`, "json", "error message"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			path := filepath.Join(t.TempDir(), "list")
			if err := os.WriteFile(path, []byte(test.text), 0o600); err != nil {
				t.Fatal(err)
			}
			file, err := os.Open(path)
			if err != nil {
				t.Fatal(err)
			}
			defer func() { _ = file.Close() }()
			err = s.accepts(t.Context(), file, test.format, false)
			if test.refused == "" != (err == nil) || err != nil && !strings.Contains(err.Error(), test.refused) {
				t.Errorf("got %v, want %q", err, test.refused)
			}
		})
	}
}
