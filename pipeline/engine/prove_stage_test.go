package engine_test

import (
	"archive/zip"
	"context"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"

	"pipe/pipeline"
)

const allItems = "[{ref: A}, {ref: B}, {ref: C}, {ref: D}, {ref: E}, {ref: F}]"

// only makes a run of the item A alone, whose capture is as given.
func only(t *testing.T, s *site, capture string) *testRun {
	t.Helper()
	const whole = `{url: "/${{ item.ref }}", as: "${{ item.ref }}.txt", expect: {type: any, contains: "file of ${{ item.ref }}"}}`
	return newTestRun(t, s, 1, allItems, "[{ref: A, size: 13}]", whole, capture)
}

// always is a site that answers each request with the same file.
func always(body string) func(context.Context, string, int) (string, error) {
	return func(context.Context, string, int) (string, error) { return body, nil }
}

func files(t *testing.T, n *testRun, dir string) []string {
	t.Helper()
	var names []string
	top := filepath.Join(n.cfg.Dir, dir)
	err := filepath.WalkDir(top, func(path string, entry os.DirEntry, err error) error {
		if err == nil && !entry.IsDir() {
			name, _ := filepath.Rel(top, path)
			names = append(names, filepath.ToSlash(name))
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return names
}

// What is wrong with a file is the reason in the ledger, word for word.
func TestReasons(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct{ capture, body, reason string }{
		"nothing is expected": {`{url: /A, as: A.dat}`, "<html><title>Log in</title>", `is the login page titled "Log in", not the expected file`},
		"the name expects":    {`{url: /A, as: A.pdf}`, "all is well", `is plain text that begins "all is well", not a PDF`},
		"pages of no PDF":     {`{url: /A, as: A.txt, expect: {pages: 3}}`, "x", `is plain text that begins "x", which has no pages to count`},
		"size": {
			`{url: /A, as: A.txt, expect: {matches: "file.size < int(item.size)"}}`, "thirteen chars",
			"is plain text that begins \"thirteen chars\" of 14 bytes, of which `file.size < int(item.size)` does not hold",
		},
		"text": {
			`{url: /A, as: A.txt, expect: {matches: 'not (file.text contains "DRAFT")'}}`, "a DRAFT",
			"is plain text that begins \"a DRAFT\" of 7 bytes, of which `not (file.text contains \"DRAFT\")` does not hold",
		},
		"text of none": {
			`{url: /A, as: A.bin, expect: {matches: 'file.text != "DRAFT"'}}`, "\x00\x01\xff",
			"is a file of an unknown type: its text cannot be read for `file.text != \"DRAFT\"`",
		},
		"no number": {
			`{url: /A, as: A.txt, expect: {matches: 'int(file.text) > 1'}}`, "one",
			"is plain text that begins \"one\", on which `int(file.text) > 1` cannot be evaluated: " +
				"evaluating ${{ int(file.text) > 1 }}: invalid operation: int(one) (1:1)",
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			n := only(t, newSite(t, always(c.body)), c.capture)
			n.run()
			row := n.items()["A"]
			if row.Status != pipeline.Failed || row.Class != pipeline.ProofFailed || row.Reason != "file "+c.reason {
				t.Errorf("it is %s, %s:\n%s\nwant\nfile %s", row.Status, row.Class, row.Reason, c.reason)
			}
			if placed, aside := files(t, n, "files"), files(t, n, "evidence"); len(placed) != 0 || len(aside) != 3 {
				t.Errorf("in place: %v, aside: %v", placed, aside)
			}
		})
	}
}

func TestMatchesKnowsTheFile(t *testing.T) {
	t.Parallel()
	n := only(t, newSite(t, good), `{url: /A, as: A.txt, expect: {matches: 'file.name == "A.txt" and file.size == 13 and file.type == "txt" and `+
		`file.pages == 0 and len(file.sha256) == 64 and file.text == "the file of A" and file.via == "fetch" and item.ref == "A"'}}`)
	n.want(n.run(), pipeline.Totals{In: 1, Done: 1})
}

// A file that fails its proof is an attempt that failed: it is kept aside, the
// item comes back, and what a later attempt brings is in place.
func TestFailedProofIsTriedAgain(t *testing.T) {
	t.Parallel()
	n := newTestRun(t, newSite(t, func(ctx context.Context, key string, attempt int) (string, error) {
		if attempt == 1 && key != "D" {
			return "<html><title>Sign in</title><input type=password>", nil
		}
		return good(ctx, key, attempt)
	}), 2, "{type: any, ", "{")
	n.want(n.run(), pipeline.Totals{In: 6, Done: 6})
	for key, row := range n.items() {
		if want := map[bool]int{true: 1, false: 2}[key == "D"]; row.Attempts != want {
			t.Errorf("%s took %d attempts, want %d", key, row.Attempts, want)
		}
	}
	// What the page has kept of the item may be what it gave: the other try is on a fresh one.
	if n.site.discards != 5 {
		t.Errorf("%d pages were given up, want one for each other try", n.site.discards)
	}
	failed := n.kinds(pipeline.AttemptFailed)
	for _, e := range failed {
		if e.Reason != `file is the login page titled "Sign in", not plain text` || e.Class != pipeline.ProofFailed {
			t.Errorf("%s: %s", e.Class, e.Reason)
		}
	}
	if placed, aside := files(t, n, "files"), files(t, n, "evidence"); len(placed) != 6 || len(aside) != 5 || len(failed) != 5 {
		t.Errorf("in place: %v, aside: %v, failed: %d", placed, aside, len(failed))
	}
}

// Items in flight at the same moment with the same bytes are one item's.
func TestUniqueInFlight(t *testing.T) {
	t.Parallel()
	var all sync.WaitGroup
	all.Add(6)
	s := newSite(t, func(context.Context, string, int) (string, error) {
		all.Done()
		all.Wait() // until all six are being received
		return "one file for all", nil
	})
	plain := []string{`, contains: "file of ${{ item.ref }}"`, "", "attempts: 3", "attempts: 1"}
	n := newTestRun(t, s, 6, plain...)
	n.want(n.run(), pipeline.Totals{In: 6, Done: 1, Failed: 5})
	owner := n.done()
	for key, row := range n.items() {
		want := fmt.Sprintf("file has the same bytes as %q of item %q: one of them is not its item's, or, where items may share a file, "+
			"set `unique: false` in expect", owner+".txt", owner)
		if key != owner && row.Reason != want {
			t.Errorf("%s failed: %s, want %s", key, row.Reason, want)
		}
	}
	if placed, aside := files(t, n, "files"), files(t, n, "evidence"); len(placed) != 1 || len(aside) != 5 {
		t.Errorf("in place: %v, aside: %v", placed, aside)
	}
	same := newTestRun(t, newSite(t, always("one file for all")), 3, `, contains: "file of ${{ item.ref }}"`, ", unique: false")
	same.want(same.run(), pipeline.Totals{In: 6, Done: 6})
}

// Two captures of one item bring two files, under two names.
func TestUniqueWithinAnItem(t *testing.T) {
	t.Parallel()
	const two = "{url: /A, as: A.txt}\n  - capture: {url: /B, as: %s, expect: {type: any%s}}"
	for name, c := range map[string]struct{ as, more, second, reason string }{
		"other bytes":     {"B.txt", "", "more", ""},
		"the same bytes":  {"B.txt", "", "file", "file has the same bytes as the item's own \"A.txt\": one of them is another file, or, where the two may be one, set `unique: false` in expect"},
		"allowed":         {"B.txt", ", unique: false", "file", ""},
		"the same name":   {"A.txt", "", "more", "file is to be named \"A.txt\", as another file of the item is: give each capture an `as` of its own"},
		"but for capital": {"a.TXT", "", "more", "file is to be named \"a.TXT\", as another file of the item is: give each capture an `as` of its own"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			n := only(t, newSite(t, func(_ context.Context, key string, _ int) (string, error) {
				return map[string]string{"A": "file", "B": c.second}[key], nil
			}), fmt.Sprintf(two, c.as, c.more))
			n.run()
			if row := n.items()["A"]; row.Reason != c.reason || (row.Status == pipeline.Done) != (c.reason == "") {
				t.Errorf("it is %s: %s, want %q", row.Status, row.Reason, c.reason)
			}
		})
	}
}

// zipped is an archive of names and contents in turn.
func zipped(t *testing.T, parts ...string) string {
	t.Helper()
	var b strings.Builder
	w := zip.NewWriter(&b)
	for i := 0; i < len(parts); i += 2 {
		part, err := w.Create(parts[i])
		if err == nil {
			_, err = part.Write([]byte(parts[i+1]))
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	return b.String()
}

// The files in an archive are the item's files, each proved by itself.
func TestMany(t *testing.T) {
	t.Parallel()
	const capture = `{url: /A, many: true, as: "${{ item.ref }}/${{ file.index }}-${{ file.name }}", expect: {contains: "of A", matches: 'file.size < 9'}}`
	two := zipped(t, "x/one.txt", "1 of A", "two.csv", "2,of A")
	for name, c := range map[string]struct {
		capture, body, reason string
		files                 []string
	}{
		"two":           {capture, two, "", []string{"A/1-one.txt", "A/2-two.csv"}},
		"by ending":     {strings.ReplaceAll(capture, "-${{ file.name }}", "${{ file.ext }}"), two, "", []string{"A/1.txt", "A/2.csv"}},
		"one, no index": {strings.Replace(capture, "${{ file.index }}-${{ file.name }}", "a.txt", 1), zipped(t, "b.txt", "1 of A"), "", []string{"A/a.txt"}},
		"one name": {
			strings.Replace(capture, "${{ file.index }}-${{ file.name }}", "a.txt", 1), two,
			"file \"two.csv\" of the archive is to be named \"A/a.txt\", as another file of the item is: use file.name or file.index in `as`", nil,
		},
		"one of B": {
			capture, zipped(t, "one.txt", "1 of A", "two.txt", "2 of B"),
			`file "two.txt" of the archive is plain text that begins "2 of B" without "of A" in its text`, nil,
		},
		"too large": {
			capture, zipped(t, "one.txt", "10 of A is more"),
			"file \"one.txt\" of the archive is plain text that begins \"10 of A is more\" of 15 bytes, of which `file.size < 9` does not hold", nil,
		},
		"twice the same": {
			capture, zipped(t, "one.txt", "1 of A", "two.txt", "1 of A"),
			"file \"two.txt\" of the archive has the same bytes as the item's own \"A/1-one.txt\": one of them is another file, or, where the two may be one, set `unique: false` in expect", nil,
		},
		"login page":   {capture, "<html><title>Log in</title>", `file is the login page titled "Log in", not a ZIP archive`, nil},
		"cut":          {capture, two[:len(two)-30], `file is cut off: a ZIP archive without its directory`, nil},
		"empty":        {capture, zipped(t), `file is a ZIP archive without files`, nil},
		"leads out":    {capture, zipped(t, "../../one.txt", "1 of A"), `file is a ZIP archive with a file that would leave its folder: "../../one.txt"`, nil},
		"bad name":     {strings.Replace(capture, "${{ item.ref }}/", "${{ '..' }}/", 1), two, `file "one.txt" of the archive cannot be named "../1-one.txt": file name "../1-one.txt": ".." would lead out of the output folder`, nil},
		"empty member": {capture, zipped(t, "one.txt", ""), `file "one.txt" of the archive is empty`, nil},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			n := only(t, newSite(t, always(c.body)), c.capture)
			n.run()
			if row := n.items()["A"]; row.Reason != c.reason || (row.Status == pipeline.Done) != (c.reason == "") {
				t.Errorf("it is %s: %s\nwant %s", row.Status, row.Reason, c.reason)
			}
			if placed := files(t, n, "files"); !slices.Equal(placed, c.files) {
				t.Errorf("in place: %v, want %v", placed, c.files)
			}
			if left := files(t, n, ".staging"); len(left) != 0 {
				t.Errorf("staged files are left: %v", left)
			}
			var onRecord []string
			for row, err := range n.ledger.Files(t.Context()) {
				if err != nil {
					t.Fatal(err)
				}
				text, err := os.ReadFile(filepath.Join(n.cfg.Dir, "files", row.File.Name))
				if err != nil || row.Key != "A" || row.File.Size != int64(len(text)) || row.File.Via != "fetch" {
					t.Errorf("on record is %+v, on disk %q, %v", row, text, err)
				}
				onRecord = append(onRecord, row.File.Name)
			}
			if !slices.Equal(onRecord, c.files) {
				t.Errorf("on record: %v, want %v", onRecord, c.files)
			}
		})
	}
}
