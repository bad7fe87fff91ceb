package app

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"pipe/pipeline"
	"pipe/pipeline/traffic"
	"pipe/specs"
	"pipe/specs/secret"
)

// sizeMost is what a recording should take at most, in bytes: it is kept with the spec.
const sizeMost = 2 << 20

// testRecording is one `pipe test --record`.
type testRecording struct {
	TestOptions
	path    string
	spec    *specs.Spec
	secrets *secret.Store
	std     Std
	archive *traffic.Archive
	left    []string
	// raw are the rows as the source has them.
	raw []map[string]any
}

// recordTest does a few items for real, and writes what a test of them needs.
func recordTest(ctx context.Context, path string, f TestOptions, std Std) error {
	spec, secrets, err := f.Load(path)
	if err != nil {
		return RedactError(err, secrets)
	}
	r := testRecording{TestOptions: f, path: path, spec: spec, secrets: secrets, std: std}
	return RedactError(r.record(ctx), secrets)
}

func (r *testRecording) record(ctx context.Context) error {
	if hasOnce(r.spec) && !r.Once {
		return Exit(ExitSpec, fmt.Errorf("%s: some of its steps are once, and no run would know of what is done here: give --once to do it for real", r.path))
	}
	columns, err := r.columns()
	if err != nil {
		return Exit(ExitSpec, err)
	}
	began := time.Now()
	live, rows, err := r.live(ctx, columns)
	if err != nil {
		return err
	}
	if len(live.Items) == 0 {
		return Exit(ExitFailed, errors.New("no item was done: there is nothing to record"))
	}
	scrubber := traffic.NewScrubber(r.values(), traffic.Codes(r.values(), began.Add(-time.Minute), time.Now()))
	for _, column := range columns {
		scrubber.Personal(column, valuesOf(column, append(rows, r.raw...), live)...)
	}
	archive, err := r.scrub(ctx, scrubber)
	if err != nil {
		return exitEnvironment(err)
	}
	want := r.expectation(scrubber, live, began)
	played, err := play(ctx, r.path, r.SpecOptions, archive, want, r.std)
	if err != nil {
		return err
	}
	if err := r.compare(want, played); err != nil {
		return err
	}
	played.got.ByText(archive)
	return r.write(ctx, scrubber, archive, played.got)
}

// live does the items on the site.
func (r *testRecording) live(ctx context.Context, columns []string) (*traffic.Expectation, []map[string]any, error) {
	site, err := siteTransport(r.spec)
	if err != nil {
		return nil, nil, Exit(ExitSpec, err)
	}
	defer site.Close()
	r.archive = &traffic.Archive{}
	recorder := &traffic.Recorder{Site: site, Archive: r.archive}
	only := r.Items
	if len(only) == 0 {
		only = r.spec.Test.Items
	}
	run := testRun{
		spec: r.spec, secrets: r.secrets, traffic: recorder, only: only, allRows: len(columns) > 0, limit: r.Limit, readRows: keepRows(&r.raw), std: r.std,
		say: func(line string) { fmt.Fprintln(r.std.Err, line) },
	}
	if len(only) > 0 {
		run.limit = 0
	}
	live, rows, err := run.run(ctx)
	r.left = recorder.Left()
	return live, rows, err
}

// expectation is what the live run came to, scrubbed.
func (r *testRecording) expectation(scrubber *traffic.Scrubber, live *traffic.Expectation, began time.Time) *traffic.Expectation {
	want := &traffic.Expectation{Recorded: began.Truncate(time.Second), Env: map[string]string{}, Secrets: scrubber.Placeholders(), Set: map[string]string{}, Listed: live.Listed}
	env, _ := r.spec.Values["env"].(map[string]any)
	for name, value := range env {
		want.Env[name] = scrubber.Text(fmt.Sprint(value))
	}
	for name, value := range r.Set {
		want.Set[name] = scrubber.Text(value)
	}
	for _, item := range live.Items {
		item.Key = scrubber.Text(item.Key)
		record := slices.Clone(item.Record)
		for i := range record {
			record[i] = pipeline.Field{Name: record[i].Name, Value: scrubbed(scrubber, record[i].Value)}
		}
		files := slices.Clone(item.Files)
		for i := range files {
			files[i] = traffic.File{Name: scrubber.Text(files[i].Name), Type: files[i].Type}
		}
		item.Record, item.Files = record, files
		want.Items = append(want.Items, item)
	}
	if !r.spec.Source.OnSite() {
		for _, row := range r.raw {
			kept, _ := scrubbed(scrubber, row).(map[string]any)
			want.Rows = append(want.Rows, kept)
		}
	}
	return want
}

// compare makes sure that the recording comes to what the site came to.
func (r *testRecording) compare(want *traffic.Expectation, played played) error {
	var lines []string
	for _, m := range played.missing {
		lines = append(lines, "it has no "+m.String())
	}
	if played.fault != nil {
		lines = append(lines, played.fault.Error())
	} else {
		// Files are other ones where they are made anew: what matters is that they came.
		alike := *want
		got := *played.got
		alike.Items, got.Items = withoutContent(want.Items), withoutContent(played.got.Items)
		for _, d := range alike.Compare(&got) {
			lines = append(lines, strings.TrimSpace(d.Item+" "+d.String()))
		}
	}
	if len(lines) == 0 {
		return nil
	}
	return Exit(ExitFailed, fmt.Errorf("%s: what was recorded does not come to the same as the site did, and is not written:\n  %s", r.path, strings.Join(lines, "\n  ")))
}

func withoutContent(items []traffic.Item) []traffic.Item {
	out := slices.Clone(items)
	for i := range out {
		out[i].Files = slices.Clone(out[i].Files)
		for n, f := range out[i].Files {
			out[i].Files[n] = traffic.File{Name: f.Name, Type: f.Type}
		}
	}
	return out
}

// write writes the test, unless there is something in it that must not be.
func (r *testRecording) write(ctx context.Context, scrubber *traffic.Scrubber, archive *traffic.Archive, want *traffic.Expectation) error {
	text, err := want.Text()
	if err != nil {
		return exitEnvironment(err)
	}
	var leaks []string
	if err := withReader(ctx, func(read func(ctx context.Context, pdf []byte) (string, int, error)) error {
		scrubber.ReadPDF = read
		leaks = scrubber.Leaks(ctx, archive, string(text))
		return nil
	}); err != nil {
		return exitEnvironment(err)
	}
	if len(leaks) > 0 {
		return Exit(ExitFailed, fmt.Errorf("%s: the recording still holds %s, and is not written", r.path, strings.Join(leaks, ", ")))
	}
	dir := TestFolder(r.path, r.Profile)
	size, err := traffic.Save(dir, archive, want)
	if err != nil {
		return exitEnvironment(err)
	}
	r.tell(scrubber, dir, size, len(archive.Exchanges()), want)
	return nil
}

func (r *testRecording) tell(scrubber *traffic.Scrubber, dir string, size, requests int, want *traffic.Expectation) {
	fmt.Fprintf(r.std.Out, "%s: %s by %s, %d KB in %s\n", r.path, Count(len(want.Items), "item"), Count(requests, "request"), (size+1023)/1024, dir)
	for _, item := range want.Items {
		if item.Status != pipeline.Done {
			fmt.Fprintf(r.std.Out, "  %s is %s: %s\n", Plain(errors.New(item.Key)), item.Status, Plain(errors.New(r.secrets.Redact(item.Reason))))
		}
	}
	for _, line := range r.left {
		fmt.Fprintf(r.std.Err, "pipe: warning: %s\n", Plain(errors.New(r.secrets.Redact(line))))
	}
	if scrubber.TooShort > 0 {
		fmt.Fprintf(r.std.Err, "pipe: warning: %s of fewer than 3 characters are in the recording as they are\n", Count(scrubber.TooShort, "personal value"))
	}
	for _, url := range scrubber.Unread {
		if len(r.Scrub)+len(r.spec.Test.Scrub) > 0 {
			fmt.Fprintf(r.std.Err, "pipe: warning: what %s shows cannot be read: look whether it is to be kept\n", Plain(errors.New(url)))
		}
	}
	if size > sizeMost {
		fmt.Fprintf(r.std.Err, "pipe: warning: the recording has over 2 MB: pool.block leaves out what pages need not load, fewer items take less\n")
	}
}
