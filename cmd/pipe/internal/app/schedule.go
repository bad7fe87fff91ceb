package app

import (
	"context"
	"errors"
	"fmt"
	"io"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/gofrs/flock"
	"github.com/sourcegraph/conc/pool"

	"pipe/pipeline/report/console"
	"pipe/pipeline/schedule"
	"pipe/specs"
	"pipe/specs/document"
)

// ScheduleOptions are what `pipe schedule` takes.
type ScheduleOptions struct {
	SpecOptions
	// Print names the scheduler to print for; "" is none.
	Print string
}

// The files of an output folder that its schedule has: when it ran last, and that it is
// followed.
const (
	scheduleFile = ".schedule.json"
	scheduleLock = ".schedule.lock"
)

// scheduleExample is a schedule as a spec has it: each evening at eight.
const scheduleExample = `schedule: {cron: "0 20 * * *"}`

// scheduled gives the specs with a schedule that the arguments name.
func (f ScheduleOptions) scheduled(args []string) ([]schedule.Job, error) {
	named := len(args) > 0
	if !named {
		args = []string{"specs"}
	}
	paths, err := SpecPaths(args)
	if err != nil {
		return nil, Exit(ExitSpec, err)
	}
	var jobs []schedule.Job
	for _, path := range paths {
		spec, secrets, err := f.Load(path)
		if err != nil {
			return nil, RedactError(err, secrets)
		}
		if spec.Schedule == nil {
			if slices.Contains(args, path) {
				return nil, Exit(ExitSpec, fmt.Errorf("%s has no schedule: write one into it, such as %s", path, scheduleExample))
			}
			continue
		}
		job, err := f.job(spec)
		if err != nil {
			return nil, err
		}
		jobs = append(jobs, job)
	}
	if len(jobs) == 0 {
		return nil, Exit(ExitSpec, fmt.Errorf("none of %s has a schedule: write one into it, such as %s", Count(len(paths), "spec"), scheduleExample))
	}
	return jobs, nil
}

// job is a spec's run as a command of this very program.
func (f ScheduleOptions) job(spec *specs.Spec) (schedule.Job, error) {
	program, err := os.Executable()
	if err != nil {
		return schedule.Job{}, fmt.Errorf("finding this program: %w", err)
	}
	dir, err := os.Getwd()
	if err != nil {
		return schedule.Job{}, fmt.Errorf("finding the working directory: %w", err)
	}
	words := []string{program, "run", spec.File}
	if spec.Profile != "" {
		words = append(words, "--profile", spec.Profile)
	}
	if f.Secrets != "" {
		words = append(words, "--secrets", f.Secrets)
	}
	for _, name := range slices.Sorted(maps.Keys(f.Set)) {
		words = append(words, "--set", setPair(name, f.Set[name]))
	}
	return schedule.Job{Name: spec.OutName(), When: spec.Schedule, Dir: dir, Command: words}, nil
}

// setPair is a value of the flag --set, which reads a pair as CSV if there is more than
// one = in it.
func setPair(name, value string) string {
	if strings.ContainsAny(value, `=",`) {
		return `"` + strings.ReplaceAll(name+"="+value, `"`, `""`) + `"`
	}
	return name + "=" + value
}

// PrintSchedule is `pipe schedule --print`.
func PrintSchedule(args []string, f ScheduleOptions, std Std) error {
	kinds := map[string]func(schedule.Job) (string, error){
		"systemd": schedule.Systemd, "crontab": schedule.Crontab, "k8s": schedule.Kubernetes, "windows": schedule.Windows,
	}
	write := kinds[f.Print]
	if write == nil {
		names := slices.Sorted(maps.Keys(kinds))
		return UsageError(fmt.Errorf("--print is %s, not %q%s", strings.Join(names, ", "), f.Print, document.DidYouMean(f.Print, names)))
	}
	f.Lenient = true // secrets are asked for where it runs
	jobs, err := f.scheduled(args)
	if err != nil {
		return err
	}
	if f.Print == "windows" && len(jobs) > 1 {
		return UsageError(errors.New("a task of Windows is one file: name one SPEC"))
	}
	// A line of a crontab that has a time zone sets it for those behind it.
	slices.SortStableFunc(jobs, func(a, b schedule.Job) int { return strings.Compare(a.When.TimeZone, b.When.TimeZone) })
	between := map[string]string{"systemd": "\n", "k8s": "---\n"}[f.Print]
	for i, job := range jobs {
		text, err := write(job)
		if err != nil {
			return Exit(ExitSpec, fmt.Errorf("%s: %w", job.Command[2], err))
		}
		if i > 0 {
			text = between + text
		}
		if _, err := io.WriteString(std.Out, text); err != nil {
			return Exit(ExitEnvironment, err)
		}
	}
	return nil
}

// FollowSchedule is `pipe schedule`.
func FollowSchedule(ctx context.Context, args []string, f ScheduleOptions, std Std) error {
	jobs, err := f.scheduled(args)
	if err != nil {
		return err
	}
	out := &sharedWriter{to: std.Out}
	ctx, stop, done := interrupts(ctx, nil, func(line string) { out.line("pipe", "stopping: "+line) })
	defer done()
	following := pool.New().WithErrors()
	for _, job := range jobs {
		following.Go(func() error { return follow(ctx, stop, job, out) })
	}
	return exitEnvironment(following.Wait())
}

// follow runs a spec at its times.
func follow(ctx context.Context, stop <-chan struct{}, job schedule.Job, out *sharedWriter) error {
	dir := filepath.Join(job.Dir, "out", job.Name)
	if err := os.MkdirAll(dir, 0o755); err != nil { //nolint:gosec // the folder is the user's to share
		return fmt.Errorf("making the output folder: %w", err)
	}
	lock := flock.New(filepath.Join(dir, scheduleLock))
	held, err := lock.TryLock()
	if err != nil {
		return fmt.Errorf("locking the schedule of %s: %w", job.Name, err)
	}
	if !held {
		return fmt.Errorf("another pipe schedule follows %s", job.Name)
	}
	defer func() { _ = lock.Unlock() }()
	tell := func(text string) { out.line(job.Name, text) }
	runner := schedule.Runner{
		When: job.When, State: filepath.Join(dir, scheduleFile), Tell: tell,
		Run: func(ctx context.Context, at time.Time) error {
			tell("runs, for " + at.Format("2006-01-02 15:04 MST"))
			code, err := runChild(ctx, stop, job, out)
			if err == nil {
				tell(fmt.Sprintf("ended with exit code %d", code))
			}
			return err
		},
	}
	return runner.Follow(ctx, stop)
}

// sharedWriter takes the lines of several runs.
type sharedWriter struct {
	mu sync.Mutex
	to io.Writer
}

func (w *sharedWriter) line(name, text string) {
	w.mu.Lock()
	defer w.mu.Unlock()
	fmt.Fprintf(w.to, "%s %s: %s\n", time.Now().Format("2006-01-02 15:04:05"), name, console.Clean(text))
}

// lines is a writer of whole lines of one run.
type lines struct {
	name string
	out  *sharedWriter
	rest string
}

func (l *lines) Write(p []byte) (int, error) {
	l.rest += string(p)
	for {
		line, rest, whole := strings.Cut(l.rest, "\n")
		if !whole {
			return len(p), nil
		}
		l.rest = rest
		l.out.line(l.name, line)
	}
}
