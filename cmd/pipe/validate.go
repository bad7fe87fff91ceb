package main

import (
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"pipe/specs"
)

func validateCommand(io streams) *cobra.Command {
	var r reading
	var asJSON, asSARIF bool
	cmd := &cobra.Command{
		Use:   "validate SPEC…",
		Short: "Find all that is wrong in specs, without a browser",
		Long: "Reads each spec as `pipe run` would, and tells every fault with its file, line and column,\n" +
			"with the line under it. A folder stands for the .yaml and .yml files in it and below, and a\n" +
			"pattern such as 'sites/**/*.yaml' for what it matches. Without --profile a spec is checked with\n" +
			"each of its profiles too. A file of steps, or of blocks and vars, that specs include is checked by\n" +
			"itself. Exits with 2 when there is a fault.",
		Args: cobra.MinimumNArgs(1),
		RunE: func(_ *cobra.Command, args []string) error {
			paths, err := specPaths(args)
			if err != nil {
				return exit(ExitSpec, err)
			}
			found := make([]checked, len(paths))
			faults := 0
			for i, path := range paths {
				found[i] = r.judge(path)
				faults += len(found[i].Faults)
			}
			switch {
			case asJSON:
				err = writeJSON(io, struct {
					Faults int       `json:"faults"`
					Specs  []checked `json:"specs"`
				}{faults, found})
			case asSARIF:
				err = writeJSON(io, sarifOf(found))
			default:
				for _, v := range found {
					v.print(io)
				}
			}
			if err == nil && faults > 0 {
				fmt.Fprintf(io.err, "pipe: %s\n", count(faults, "fault"))
				return exit(ExitSpec, nil)
			}
			return err
		},
	}
	specFlags(cmd, &r)
	cmd.Flags().BoolVar(&asJSON, "json", false, "the faults as JSON")
	cmd.Flags().BoolVar(&asSARIF, "sarif", false, "the faults as SARIF 2.1.0, for code hosts and editors")
	cmd.MarkFlagsMutuallyExclusive("json", "sarif")
	return cmd
}

// checked is what is wrong with one spec.
type checked struct {
	File   string  `json:"file"`
	OK     bool    `json:"ok"`
	Faults []fault `json:"faults"`

	text []string
}

// fault is a specs.Fault for machines. Line is 0 for a file that cannot be read,
// File is set where it is another one, that the spec includes.
type fault struct {
	File    string `json:"file,omitempty"`
	Line    int    `json:"line"`
	Column  int    `json:"column"`
	Path    string `json:"path,omitempty"`
	Message string `json:"message"`
	Source  string `json:"source,omitempty"`
}

// judge reads a spec, or a part of specs, for what is wrong with it.
func (r reading) judge(path string) checked {
	v := checked{File: filepath.ToSlash(path), Faults: []fault{}}
	src, err := specs.ReadFile(path)
	if err != nil {
		src = nil // told by load
	}
	if is, secrets, err := r.judgePart(path, src); is {
		v.add("", secrets, err)
		return v.end(path + ": ok, for specs to include")
	}
	secrets, err := r.judgeSpec(path)
	v.add("", secrets, err)
	if r.profile == "" {
		for _, name := range specs.ProfileNames(src) {
			with := r
			with.profile = name
			secrets, err := with.judgeSpec(path)
			v.add(name, secrets, err)
		}
	}
	return v.end(path + ": ok")
}

func (r reading) judgePart(path string, src []byte) (is bool, secrets *specs.Secrets, err error) {
	opts, secrets, err := r.options()
	if err == nil {
		is, err = specs.CheckPart(path, src, opts)
	}
	return is, secrets, err
}

func (r reading) judgeSpec(path string) (*specs.Secrets, error) {
	spec, secrets, err := r.load(path)
	if err == nil {
		opts := poolOptions(spec, "", slog.New(slog.DiscardHandler))
		err = checkContexts(spec, &opts)
	}
	return secrets, err
}

// add takes in what is wrong, but for what is known. What is so only with a
// profile says so.
func (v *checked) add(profile string, secrets *specs.Secrets, err error) {
	var faults specs.Faults
	if err != nil && !errors.As(err, &faults) {
		faults = specs.Faults{{Message: err.Error()}}
	}
	for _, f := range faults {
		own := fault{Line: f.Line, Column: f.Col, Path: f.Path, Message: secrets.Redact(f.Message), Source: secrets.Redact(f.Excerpt())}
		if file := filepath.ToSlash(f.File); f.Line > 0 && file != v.File {
			own.File = file
		}
		if slices.ContainsFunc(v.Faults, func(old fault) bool {
			return old.File == own.File && old.Line == own.Line && old.Column == own.Column && old.Message == own.Message
		}) {
			continue
		}
		if profile != "" {
			f.Message += fmt.Sprintf(" (with --profile %s)", profile)
			own.Message += fmt.Sprintf(" (with --profile %s)", profile)
		}
		text := f.Message
		if f.Line > 0 {
			text = f.Render()
		}
		v.Faults, v.text = append(v.Faults, own), append(v.text, secrets.Redact(text))
	}
}

// end is what is told of the spec, or of one that is right.
func (v checked) end(right string) checked {
	if len(v.Faults) == 0 {
		v.OK, v.text = true, []string{right}
	}
	return v
}

func (v checked) print(io streams) { fmt.Fprintln(io.out, strings.Join(v.text, "\n")) }

func writeJSON(io streams, v any) error {
	enc := json.NewEncoder(io.out)
	enc.SetEscapeHTML(false)
	enc.SetIndent("", "  ")
	if err := enc.Encode(v); err != nil {
		return exit(ExitEnvironment, fmt.Errorf("writing the faults: %w", err))
	}
	return nil
}

func specFlags(cmd *cobra.Command, r *reading) {
	profileFlag(cmd, r)
	cmd.Flags().StringToStringVar(&r.set, "set", nil, "give a var of the spec another value: `name=value`")
	cmd.Flags().StringVar(&r.secrets, "secrets", "", "read secrets from a `FILE` of NAME=value lines; they go before the environment's")
}

// profileFlag names the profile; the environment may, so that a whole session
// works with one.
func profileFlag(cmd *cobra.Command, r *reading) {
	cmd.Flags().StringVar(&r.profile, "profile", os.Getenv("PIPE_PROFILE"), "lay this profile of the spec over it, by its `NAME`; its output folder is out/NAME@PROFILE; default PIPE_PROFILE")
}

// count gives "1 fault" or "3 faults".
func count(n int, what string) string {
	if n == 1 {
		return "1 " + what
	}
	return fmt.Sprintf("%d %ss", n, what)
}
