package app

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"pipe/pipeline/report/console"
	"pipe/pipeline/report/render"
	"pipe/pipeline/traffic"
)

// TestOptions are what `pipe test` takes.
type TestOptions struct {
	SpecOptions
	// Record does items for real, Update takes what comes for what is expected.
	Record, Update bool
	// Items are the keys of those that are recorded, Limit how many where none is named.
	Items []string
	Limit int
	// Scrub names columns whose values are replaced.
	Scrub []string
	// Once has the recording do what is done once for an item.
	Once   bool
	JUnit  string
	AsJSON bool
}

// testResult is what the test of one spec came to.
type testResult struct {
	Spec        string               `json:"spec"`
	Passed      bool                 `json:"passed"`
	Items       []string             `json:"items"`
	Differences []traffic.Difference `json:"differences"`
	// Missing are the requests that the recording has no answer to.
	Missing []string `json:"missing"`
	// Fault is what ended the run, "" for nothing.
	Fault  string `json:"fault,omitempty"`
	TookMS int64  `json:"took_ms"`
}

// TestSpecs is `pipe test`.
func TestSpecs(ctx context.Context, paths []string, f TestOptions, std Std) error {
	return untilInterrupted(ctx, func(ctx context.Context) error {
		if f.Record {
			for _, path := range paths {
				if err := recordTest(ctx, path, f, std); err != nil {
					return err
				}
			}
			return nil
		}
		var results []testResult
		for _, path := range paths {
			began := time.Now()
			result, err := playTest(ctx, path, f, std)
			if err != nil {
				return err
			}
			result.TookMS = time.Since(began).Milliseconds()
			results = append(results, result)
			if !f.AsJSON {
				result.print(std)
			}
		}
		return f.tell(results, std)
	})
}

// tell writes the results where the flags say, and gives the exit code.
func (f TestOptions) tell(results []testResult, std Std) error {
	if f.AsJSON {
		if err := writeJSON(std, results); err != nil {
			return err
		}
	}
	if f.JUnit != "" {
		var text strings.Builder
		if err := render.JUnitTests(&text, suitesOf(results)); err != nil {
			return exitEnvironment(err)
		}
		if err := WriteOutput(std, f.JUnit, []byte(text.String())); err != nil {
			return err
		}
	}
	if slices.ContainsFunc(results, func(r testResult) bool { return !r.Passed }) {
		return Exit(ExitFailed, nil)
	}
	return nil
}

// TestFolder is where the test of a spec is: beside it.
func TestFolder(path, profile string) string {
	name := strings.TrimSuffix(path, filepath.Ext(path))
	if profile != "" {
		name += "@" + profile
	}
	return name + ".recording"
}

// playTest runs a spec against its recording.
func playTest(ctx context.Context, path string, f TestOptions, std Std) (testResult, error) {
	result := testResult{Spec: path, Items: []string{}, Differences: []traffic.Difference{}, Missing: []string{}}
	dir := TestFolder(path, f.Profile)
	archive, want, err := traffic.Load(dir)
	if errors.Is(err, fs.ErrNotExist) {
		return result, Exit(ExitSpec, fmt.Errorf("%s has no recording: make one by pipe test --record %s (%w)", path, shellWordOr(path, "SPEC"), err))
	}
	if err != nil {
		return result, Exit(ExitSpec, err)
	}
	for _, item := range want.Items {
		result.Items = append(result.Items, item.Key)
	}
	played, err := play(ctx, path, f.SpecOptions, archive, want, std)
	if err != nil {
		return result, err
	}
	for _, m := range played.missing {
		result.Missing = append(result.Missing, m.String())
	}
	if played.fault != nil {
		result.Fault = Plain(played.fault)
	} else {
		result.Differences = append(result.Differences, want.Compare(played.got)...)
	}
	result.Passed = result.Fault == "" && len(result.Missing)+len(result.Differences) == 0
	if f.Update && result.Fault == "" && len(result.Missing) == 0 && !result.Passed {
		if _, err := traffic.Save(dir, nil, played.got); err != nil {
			return result, exitEnvironment(err)
		}
		result.updated(std, f.AsJSON)
		result.Passed, result.Differences = true, []traffic.Difference{}
	}
	return result, nil
}

// updated tells what is expected otherwise from now on.
func (r *testResult) updated(std Std, quiet bool) {
	if quiet {
		return
	}
	for _, d := range r.Differences {
		fmt.Fprintf(std.Out, "%s: %s\n  - %s\n  + %s\n", r.Spec, console.Clean(strings.TrimSpace(d.Item+" "+d.What)), console.Clean(d.Expected), console.Clean(d.Got))
	}
}

// print tells the result in lines for people.
func (r *testResult) print(std Std) {
	if r.Passed {
		fmt.Fprintf(std.Out, "ok    %s, %s in %.1f s\n", r.Spec, Count(len(r.Items), "item"), float64(r.TookMS)/1000)
		return
	}
	fmt.Fprintf(std.Out, "FAIL  %s\n", r.Spec)
	for _, line := range r.lines("") {
		fmt.Fprintln(std.Out, "  "+console.Clean(line))
	}
}

// lines are what is wrong with an item, "" for all of them and what is no item's.
func (r *testResult) lines(item string) []string {
	var lines []string
	if item == "" {
		for _, m := range r.Missing {
			lines = append(lines, "the recording has no "+m)
		}
		if r.Fault != "" {
			lines = append(lines, strings.Split(r.Fault, "\n")...)
		}
	}
	for _, d := range r.Differences {
		if item != "" && item != d.Item {
			continue
		}
		what := d.What
		if d.Item != "" {
			what = "item " + d.Item + ", " + what
		}
		lines = append(lines, what, "  expected "+d.Expected, "  got      "+d.Got)
	}
	return lines
}

// suitesOf gives the results as build servers have them: a case for each item, and one for
// the traffic.
func suitesOf(results []testResult) []render.Suite {
	var all []render.Suite
	for _, r := range results {
		suite := render.Suite{Name: r.Spec, Took: time.Duration(r.TookMS) * time.Millisecond}
		whole := render.Case{Name: "traffic"}
		rest := r
		rest.Differences = slices.DeleteFunc(slices.Clone(r.Differences), func(d traffic.Difference) bool { return slices.Contains(r.Items, d.Item) })
		whole.Failures = rest.lines("")
		suite.Cases = append(suite.Cases, whole)
		for _, key := range r.Items {
			one := render.Case{Name: key, Failures: r.lines(key)}
			if one.Skipped = r.Fault != ""; one.Skipped {
				one.Failures = nil
			}
			suite.Cases = append(suite.Cases, one)
		}
		all = append(all, suite)
	}
	return all
}
