package app

import (
	"bytes"
	"fmt"
	"io"
	"path/filepath"

	"pipe/pipeline/atomicfile"
	"pipe/specs"
	"pipe/specs/document"
	"pipe/steps"
)

// FormatStream puts a spec from standard input in order, on standard output.
func FormatStream(s Std) error {
	src, err := io.ReadAll(s.In)
	if err != nil {
		return Exit(ExitEnvironment, fmt.Errorf("reading standard input: %w", err))
	}
	out, err := specs.Format("-", src, steps.Verbs())
	if err != nil {
		return Exit(ExitSpec, err)
	}
	return WriteOutput(s, "", out)
}

// FormatFile puts one spec in order and gives the exit code.
func FormatFile(std Std, path string, check bool) int {
	src, err := document.ReadFile(path)
	if err != nil {
		fmt.Fprintf(std.Err, "pipe: %v\n", err)
		return ExitSpec
	}
	out, err := specs.Format(path, src, steps.Verbs())
	switch {
	case err != nil:
		fmt.Fprintf(std.Err, "%v\npipe: %s is not a right spec, and stays as it is\n", err, path)
		return ExitSpec
	case bytes.Equal(out, src):
		return ExitDone
	case check:
		fmt.Fprintf(std.Out, "%s is not in order: `pipe fmt` puts it so\n", path)
		return ExitFailed
	}
	if err := replaceFile(path, out); err != nil {
		fmt.Fprintf(std.Err, "pipe: writing %s: %v\n", path, err)
		return ExitEnvironment
	}
	fmt.Fprintf(std.Out, "%s\n", path)
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
