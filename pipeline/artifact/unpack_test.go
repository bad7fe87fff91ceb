package artifact

import (
	"archive/zip"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"testing"

	"pipe/pipeline"
)

func TestUnpack(t *testing.T) {
	t.Parallel()
	s := newStore(t, Options{})
	archive := stage(t, s, makeZIP(t, "reports/", "", "reports/b.pdf", "B", `reports\a.txt`, "A", "__MACOSX/reports/._b.pdf", "m", "reports/.DS_Store", "d"))
	members, err := s.Unpack(t.Context(), archive)
	if err != nil || len(members) != 2 {
		t.Fatalf("%d members, %v", len(members), err)
	}
	for i, want := range []string{"b.pdf B", "a.txt A"} {
		text, err := os.ReadFile(members[i].Path())
		if got := members[i].Name + " " + string(text); got != want || err != nil {
			t.Errorf("got %s, want %s (%v)", got, want, err)
		}
	}
	if err := s.Place(t.Context(), members[0].Staged, "x/b.pdf"); err != nil {
		t.Error(err)
	}
}

// An archive that holds what cannot be an item's file is refused, and nothing
// of it is left.
func TestUnpackRefuses(t *testing.T) {
	t.Parallel()
	linked := zipOf(t, func(w *zip.Writer) {
		link := &zip.FileHeader{Name: "a.pdf"}
		link.SetMode(fs.ModeSymlink | 0o777)
		part, _ := w.CreateHeader(link)
		_, _ = part.Write([]byte("/etc/passwd"))
	})
	bomb := zipOf(t, func(w *zip.Writer) {
		for i := range 3 {
			addZeroes(t, w, fmt.Sprint(i), "", 100)
		}
	})
	many := make([]string, 0, 2002)
	for i := range 1001 {
		many = append(many, fmt.Sprint(i), "")
	}
	for name, test := range map[string]struct {
		data   []byte
		reason string
	}{
		"no archive":     {[]byte("x"), "is damaged: a ZIP archive that does not open (zip: not a valid zip file)"},
		"parent":         {makeZIP(t, "a", "x", "../b", "x"), `is a ZIP archive with a file that would leave its folder: "../b"`},
		"inner parent":   {makeZIP(t, "a/../../b", "x"), `is a ZIP archive with a file that would leave its folder: "a/../../b"`},
		"Windows parent": {makeZIP(t, `..\b`, "x"), `is a ZIP archive with a file that would leave its folder: "..\\b"`},
		"absolute":       {makeZIP(t, "/etc/passwd", "x"), `is a ZIP archive with a file that would leave its folder: "/etc/passwd"`},
		"drive":          {makeZIP(t, `C:\b`, "x"), `is a ZIP archive with a file that would leave its folder: "C:\\b"`},
		"link":           {linked, `is a ZIP archive with "a.pdf", which is no file but a link or a device`},
		"password":       {setFlag(makeZIP(t, "a", "x")), `is a ZIP archive that needs a password: "a" is locked`},
		"only folders":   {makeZIP(t, "a/", ""), "is a ZIP archive without files"},
		"too many":       {makeZIP(t, many...), "is a ZIP archive of 1001 files, more than the 1000 that are taken"},
		"bomb":           {bomb, "is a ZIP archive that is not unpacked: it unpacks to over 200 times its size"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := newStore(t, Options{})
			file := stage(t, s, test.data)
			_, err := s.Unpack(t.Context(), file)
			var failed *pipeline.ProofError
			if !errors.As(err, &failed) || failed.Reason != test.reason {
				t.Errorf("got %v, want %s", err, test.reason)
			}
			left, err := os.ReadDir(filepath.Dir(file.Path()))
			if err != nil || len(left) != 1 {
				t.Errorf("%d files are left, %v", len(left), err)
			}
		})
	}
}
