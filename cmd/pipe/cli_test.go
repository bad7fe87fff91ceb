package main

import (
	"context"
	"io/fs"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"

	"github.com/rogpeppe/go-internal/testscript"

	"pipe/pipeline/practice"
)

// TestCommands runs the scripts of testdata/cli. They have the shipped spec as
// inventory.yaml, and besides testscript's commands:
//
//	site [VEHICLES [MISSING]]   opens a dealership and sets what the spec needs
//	exits CODE COMMAND…         runs a command that exits with the code
//	nowhere TEXT FOLDER         wants that no file below the folder holds the text
func TestCommands(t *testing.T) {
	testscript.Run(t, testscript.Params{
		Dir:                 filepath.Join("..", "..", "testdata", "cli"),
		RequireExplicitExec: true,
		Setup: func(env *testscript.Env) error {
			// The machine's own, so that nothing is installed twice.
			for _, name := range []string{"HOME", "XDG_CACHE_HOME"} {
				env.Setenv(name, os.Getenv(name))
			}
			spec := shipped(t, "pace: {delay: 1s}", "pace: {delay: 0s}", "initial: 3s", "initial: 10ms")
			return os.WriteFile(filepath.Join(env.WorkDir, "inventory.yaml"), []byte(spec), 0o600)
		},
		Cmds: map[string]func(*testscript.TestScript, bool, []string){
			"site": openSite, "exits": exits, "nowhere": nowhere,
		},
	})
}

func openSite(ts *testscript.TestScript, _ bool, args []string) {
	n := []int{5, 0}
	for i, arg := range args {
		v, err := strconv.Atoi(arg)
		ts.Check(err)
		n[i] = v
	}
	site, err := practice.Start(context.Background(), practice.Options{Vehicles: n[0], Missing: n[1], Accounts: map[string]string{"dealer-north": "Tr0ub4dor&3"}})
	ts.Check(err)
	ts.Defer(func() { _ = site.Close() })
	ts.Setenv("INVENTORY_URL", site.URL())
	ts.Setenv("DEALER_USERNAME", "dealer-north")
	ts.Setenv("DEALER_PASSWORD", "Tr0ub4dor&3")
	var rows []string
	for _, v := range site.Vehicles() {
		rows = append(rows, v.Reference+";"+v.Make)
		ts.Setenv("REF"+strconv.Itoa(len(rows)), v.Reference)
	}
	ts.Check(os.WriteFile(ts.MkAbs("vehicles.csv"), []byte("Stock Number;Make\n"+strings.Join(rows, "\n")+"\n"), 0o600))
}

func exits(ts *testscript.TestScript, _ bool, args []string) {
	want := args[0]
	err := ts.Exec(args[1], args[2:]...)
	got := "0"
	if err != nil {
		got = strings.TrimPrefix(err.Error(), "exit status ")
	}
	if got != want {
		ts.Fatalf("exit code %s, want %s\n%s%s", got, want, ts.ReadFile("stdout"), ts.ReadFile("stderr"))
	}
}

func nowhere(ts *testscript.TestScript, _ bool, args []string) {
	files := 0
	ts.Check(filepath.WalkDir(ts.MkAbs(args[1]), func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		files++
		text, err := os.ReadFile(path)
		if strings.Contains(string(text), args[0]) {
			ts.Fatalf("%s holds %q", path, args[0])
		}
		return err
	}))
	if files == 0 {
		ts.Fatalf("there are no files in %s", args[1])
	}
}
