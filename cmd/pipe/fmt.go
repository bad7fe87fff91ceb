package main

import (
	"bytes"
	"fmt"
	"io"
	"path/filepath"

	"github.com/spf13/cobra"

	"pipe/pipeline/atomicfile"
	"pipe/specs"
	"pipe/steps"
)

func fmtCommand(io streams) *cobra.Command {
	var check bool
	cmd := &cobra.Command{
		Use:   "fmt SPEC…",
		Short: "Put the fields of specs in their one order",
		Long: "Puts the fields of each mapping of a spec in the order of the language, so that changes in git are\n" +
			"small. Comments go with what they stand above; nothing else changes. A folder stands for the specs\n" +
			"in it and below, - for a spec on standard input, which goes to standard output.",
		Args: cobra.MinimumNArgs(1),
		RunE: func(_ *cobra.Command, args []string) error {
			if len(args) == 1 && args[0] == "-" && !check {
				return formatStream(io)
			}
			paths, err := specPaths(args)
			if err != nil {
				return exit(ExitSpec, err)
			}
			code := ExitDone
			for _, path := range paths {
				code = max(code, formatFile(io, path, check))
			}
			return exit(code, nil)
		},
	}
	cmd.Flags().BoolVar(&check, "check", false, "change nothing; name the specs that are not in order, and exit with 1")
	return cmd
}

func formatStream(s streams) error {
	src, err := io.ReadAll(s.in)
	if err != nil {
		return exit(ExitEnvironment, fmt.Errorf("reading standard input: %w", err))
	}
	out, err := specs.Format("-", src, steps.Verbs())
	if err != nil {
		return exit(ExitSpec, err)
	}
	return deliver(s, "", out)
}

// formatFile puts one spec in order and gives the exit code.
func formatFile(io streams, path string, check bool) int {
	src, err := specs.ReadFile(path)
	if err != nil {
		fmt.Fprintf(io.err, "pipe: %v\n", err)
		return ExitSpec
	}
	out, err := specs.Format(path, src, steps.Verbs())
	switch {
	case err != nil:
		fmt.Fprintf(io.err, "%v\npipe: %s is not a right spec, and stays as it is\n", err, path)
		return ExitSpec
	case bytes.Equal(out, src):
		return ExitDone
	case check:
		fmt.Fprintf(io.out, "%s is not in order: `pipe fmt` puts it so\n", path)
		return ExitFailed
	}
	if err := replaceFile(path, out); err != nil {
		fmt.Fprintf(io.err, "pipe: writing %s: %v\n", path, err)
		return ExitEnvironment
	}
	fmt.Fprintf(io.out, "%s\n", path)
	return ExitDone
}

// replaceFile writes a file beside another and puts it in its place: who stops
// us has the one or the other.
func replaceFile(path string, text []byte) error {
	path, err := filepath.EvalSymlinks(path)
	if err != nil {
		return err
	}
	return atomicfile.Rewrite(path, func(out io.Writer) error {
		_, err := out.Write(text)
		return err
	})
}
