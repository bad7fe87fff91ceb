package steps_test

import (
	"os"
	"path/filepath"
	"testing"

	"pipe/steps"
)

func TestUpload(t *testing.T) {
	t.Parallel()
	s := show(t, `<label for=f>Papers</label><input id=f type=file multiple hidden onchange="out.textContent = [...this.files].map(f => f.name).join(' ')"><p id=out>`)
	one, two := filepath.Join(s.dir, "A1.txt"), filepath.Join(s.dir, "b.txt")
	for _, path := range []string{one, two} {
		if err := os.WriteFile(path, []byte(path), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	s.do(`upload: {selector: "#f", files: ["` + s.dir + `/${{ item.ref }}.txt", "` + two + `"]}`)
	s.is("out.textContent", "A1.txt b.txt")
	s.do(`upload: {label: Papers, files: "` + two + `"}`)
	s.is("out.textContent", "b.txt")
	s.fails("the file to upload: stat "+s.dir+"/none", `upload: {selector: "#f", files: "`+s.dir+`/none"}`)
	s.fails("is a folder", `upload: {selector: "#f", files: "`+s.dir+`"}`)
	spec, err := read("x", `upload: {selector: "#f", files: a}`, `click: "#f"`)
	if err != nil || !steps.Writes(&spec.Navigate.Steps[0]) || steps.Writes(&spec.Navigate.Steps[1]) {
		t.Errorf("uploads write, %v", err)
	}
}
