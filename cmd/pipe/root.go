package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"runtime/debug"
	"strings"

	"github.com/mattn/go-isatty"
	"github.com/spf13/cobra"

	"pipe/specs"
)

// streams are the program's own.
type streams struct {
	in       io.Reader
	out, err io.Writer
}

// terminal gives standard output's file when it is a terminal.
func (s streams) terminal() (*os.File, bool) {
	f, ok := s.out.(*os.File)
	if !ok || !isatty.IsTerminal(f.Fd()) && !isatty.IsCygwinTerminal(f.Fd()) {
		return nil, false
	}
	return f, os.Getenv("TERM") != "dumb"
}

// execute runs a command line and gives its exit code.
func execute(ctx context.Context, args []string, io streams) int {
	root := &cobra.Command{
		Use:           "pipe",
		Short:         "Bring a file and a record home for every item of a web site, as a YAML spec says",
		Version:       version(),
		SilenceUsage:  true,
		SilenceErrors: true,
	}
	root.AddCommand(
		runCommand(io), planCommand(io), tryCommand(io), validateCommand(io), fmtCommand(io), statusCommand(io), verifyCommand(io), demoCommand(io),
		siteCommand(io), loginCommand(io), schemaCommand(io), stepsCommand(io), installCommand(io), doctorCommand(io),
	)
	for _, cmd := range root.Commands() {
		if strings.Contains(cmd.Use, " SPEC") {
			cmd.ValidArgsFunction = specNames
		}
	}
	root.SetArgs(args)
	root.SetIn(io.in)
	root.SetOut(io.out)
	root.SetErr(io.err)
	err := root.ExecuteContext(ctx)
	var faults specs.Faults
	switch {
	case err == nil || errors.Is(err, errQuiet):
	case errors.As(err, &faults):
		// They begin with file:line:col, for editors and terminals to follow.
		fmt.Fprintf(io.err, "%v\npipe: the spec has %s\n", err, count(len(faults), "fault"))
	default:
		fmt.Fprintf(io.err, "pipe: %v\n", err)
	}
	return codeOf(err)
}

// version is that of the module, or the commit that it was built from.
func version() string {
	info, ok := debug.ReadBuildInfo()
	if !ok {
		return "unknown"
	}
	if v := info.Main.Version; v != "" && v != "(devel)" {
		return v
	}
	for _, s := range info.Settings {
		if s.Key == "vcs.revision" {
			return s.Value
		}
	}
	return "devel"
}
