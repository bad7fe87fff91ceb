package main

import (
	"os"
	"path/filepath"
	"testing"

	"pipe/pipeline/testterminal"
)

// On a terminal the questions are asked, once more where an answer is none, and the choices
// go by their numbers.
func TestInitOnTerminal(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	term := testterminal.Start(t, 120, 50, dir, []string{"PATH=" + os.Getenv("PATH"), "HOME=" + os.Getenv("HOME"), "GORACE=" + os.Getenv("GORACE")})
	term.Type("pipe init --login none; echo code $?", "Enter")
	for _, step := range [][2]string{
		{"a name for the spec", "my invoices"},
		{"want letters, digits, dots", "invoices"},
		{"the site's address", "https://portal.example.com"},
		{"where is the list of items?", "3"},
		{"what is fetched of each?", ""},
		{"an AGENTS.md", "yes"},
	} {
		term.AwaitText(step[0])
		term.Type(step[1], "Enter")
	}
	term.AwaitText("written  specs/AGENTS.md", "pipe run specs/invoices.yaml", "code 0")
	for _, name := range []string{"specs/invoices.yaml", "specs/invoices.csv", ".gitignore"} {
		if _, err := os.Stat(filepath.Join(dir, name)); err != nil {
			t.Error(err)
		}
	}
}
