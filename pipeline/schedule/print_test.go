package schedule

import (
	"encoding/xml"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"gopkg.in/yaml.v3"

	"pipe/specs"
)

// hostile is a job whose names hold all that a file could take for something else.
func hostile(when specs.Schedule) Job {
	return Job{
		Name: "Night run", When: &when, Dir: "/srv/my work/100%",
		Command: []string{"/usr/local/bin/pipe", "run", `specs/it's "$HOME" 50% \o/.yaml`, "--set", "a=b c"},
	}
}

// The words that a shell makes of a crontab's line are those of the job.
func TestCrontab(t *testing.T) {
	dir := t.TempDir()
	j := hostile(specs.Schedule{Cron: "30 22 * * 1-5"})
	j.Dir, j.Command[0] = dir, "printf"
	j.Command = append([]string{"printf", `%s\n`}, j.Command[1:]...)
	text, err := Crontab(j)
	if err != nil {
		t.Fatal(err)
	}
	lines := strings.Split(strings.TrimSpace(text), "\n")
	line, is := strings.CutPrefix(lines[len(lines)-1], "30 22 * * 1-5 ")
	if !is {
		t.Fatal(text)
	}
	// What cron does before it asks the shell.
	out, err := exec.Command("sh", "-c", strings.ReplaceAll(line, `\%`, "%")).Output()
	if want := strings.Join(j.Command[2:], "\n") + "\n"; err != nil || string(out) != want {
		t.Errorf("got %q, %v, want %q", out, err, want)
	}
	if text, _ := Crontab(hostile(specs.Schedule{Cron: "@daily", TimeZone: "Europe/Berlin"})); !strings.Contains(text, "\nCRON_TZ=Europe/Berlin\n0 0 * * * ") {
		t.Error(text)
	}
}

// systemd finds nothing wrong with its units, and their times are those of the schedule.
func TestSystemd(t *testing.T) {
	for cron, want := range map[string]string{
		"30 22 * * 1-5":    "OnCalendar=Mon,Tue,Wed,Thu,Fri *-*-* 22:30:00 Europe/Berlin\n",
		"0 */6 * * *":      "OnCalendar=*-*-* 00,06,12,18:00:00 Europe/Berlin\n",
		"5 6 1,15 JAN,7 *": "OnCalendar=*-01,07-01,15 06:05:00 Europe/Berlin\n",
		"0 6 13 * 5":       "OnCalendar=*-*-13 06:00:00 Europe/Berlin\nOnCalendar=Fri *-*-* 06:00:00 Europe/Berlin\n",
		"*/20 8-9 * * 7":   "OnCalendar=Sun *-*-* 08,09:00,20,40:00 Europe/Berlin\n",
		"*/1 0-23 * * 0-6": "OnCalendar=*-*-* *:*:00 Europe/Berlin\n",
		"@weekly":          "OnCalendar=Sun *-*-* 00:00:00 Europe/Berlin\n",
	} {
		text, err := Systemd(hostile(specs.Schedule{Cron: cron, TimeZone: "Europe/Berlin", CatchUp: specs.Duration(time.Hour)}))
		if err != nil || !strings.Contains(text, "\n"+want+"Persistent=true\n") {
			t.Errorf("%s: %v\n%s", cron, err, text)
		}
		if !strings.Contains(text, `ExecStart="/usr/local/bin/pipe" "run" "specs/it's \"$$HOME\" 50%% \\o/.yaml" "--set" "a=b c"`) || !strings.Contains(text, "WorkingDirectory=/srv/my work/100%%\n") {
			t.Error(text)
		}
	}
	analyze, err := exec.LookPath("systemd-analyze")
	if err != nil {
		t.Log("systemd-analyze is not here: its word on the units is not asked")
		return
	}
	j := hostile(specs.Schedule{Cron: "0 6 13 * 5", TimeZone: "Europe/Berlin"})
	j.Dir, j.Command[0] = t.TempDir(), "/bin/sh"
	text, err := Systemd(j)
	if err != nil {
		t.Fatal(err)
	}
	service, timer, _ := strings.Cut(text, "# pipe-night-run.timer\n")
	dir := t.TempDir()
	for name, unit := range map[string]string{"pipe-night-run.service": service, "pipe-night-run.timer": timer} {
		if err := os.WriteFile(filepath.Join(dir, name), []byte(unit), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	out, _ := exec.Command(analyze, "verify", "--man=no", filepath.Join(dir, "pipe-night-run.service"), filepath.Join(dir, "pipe-night-run.timer")).CombinedOutput()
	for _, line := range strings.Split(string(out), "\n") {
		if strings.Contains(line, "pipe-night-run") {
			t.Errorf("systemd-analyze verify: %s", line)
		}
	}
	for _, line := range strings.Split(timer, "\n") {
		if at, is := strings.CutPrefix(line, "OnCalendar="); is {
			if out, err := exec.Command(analyze, "calendar", at).CombinedOutput(); err != nil {
				t.Errorf("systemd-analyze calendar %s: %v\n%s", at, err, out)
			}
		}
	}
}

func TestKubernetes(t *testing.T) {
	text, err := Kubernetes(hostile(specs.Schedule{Cron: "30 22 * * 1-5", TimeZone: "Europe/Berlin", CatchUp: specs.Duration(time.Hour)}))
	if err != nil {
		t.Fatal(err)
	}
	var got struct {
		APIVersion string `yaml:"apiVersion"`
		Kind       string
		Metadata   struct{ Name string }
		Spec       struct {
			Schedule                string
			TimeZone                string `yaml:"timeZone"`
			ConcurrencyPolicy       string `yaml:"concurrencyPolicy"`
			StartingDeadlineSeconds int    `yaml:"startingDeadlineSeconds"`
			JobTemplate             struct {
				Spec struct {
					Template struct {
						Spec struct{ Containers []struct{ Args []string } }
					}
				}
			} `yaml:"jobTemplate"`
		}
	}
	if err := yaml.Unmarshal([]byte(text), &got); err != nil {
		t.Fatal(err)
	}
	s := got.Spec
	if got.APIVersion != "batch/v1" || got.Kind != "CronJob" || got.Metadata.Name != "pipe-night-run" || s.Schedule != "30 22 * * 1-5" ||
		s.TimeZone != "Europe/Berlin" || s.ConcurrencyPolicy != "Forbid" || s.StartingDeadlineSeconds != 3600 {
		t.Errorf("got %+v", got)
	}
	if args := s.JobTemplate.Spec.Template.Spec.Containers[0].Args; strings.Join(args, "|") != `run|specs/it's "$HOME" 50% \o/.yaml|--set|a=b c` {
		t.Errorf("got %q", args)
	}
}

func TestWindows(t *testing.T) {
	for cron, want := range map[string][]string{
		"30 22 * * 1-5": {"<StartBoundary>2026-01-01T22:30:00</StartBoundary>", "<DaysOfWeek><Monday></Monday>", "<WeeksInterval>1</WeeksInterval>"},
		"0 6 1 JAN *":   {"<Day>1</Day>", "<Months><January></January></Months>"},
		"0 6,18 * * *":  {"T06:00:00", "T18:00:00", "<DaysInterval>1</DaysInterval>"},
	} {
		text, err := Windows(hostile(specs.Schedule{Cron: cron, CatchUp: specs.Duration(time.Hour)}))
		if err != nil {
			t.Fatal(err)
		}
		var read task
		if err := xml.Unmarshal([]byte(text), &read); err != nil {
			t.Fatal(err)
		}
		if read.Command != "/usr/local/bin/pipe" || read.Args != `run "specs/it's \"$HOME\" 50% \o/.yaml" --set "a=b c"` || read.Dir != "/srv/my work/100%" || !read.Settings.Late || read.Settings.Instances != "IgnoreNew" {
			t.Errorf("%s: got %+v", cron, read)
		}
		flat := strings.NewReplacer("\n", "", "  ", "").Replace(text)
		for _, part := range want {
			if !strings.Contains(flat, part) {
				t.Errorf("%s: it holds no %s:\n%s", cron, part, text)
			}
		}
	}
	for cron, zone := range map[string]string{"* * * * *": "", "0 6 * * *": "UTC"} {
		if text, err := Windows(hostile(specs.Schedule{Cron: cron, TimeZone: zone})); err == nil {
			t.Errorf("%s in %q: %s", cron, zone, text)
		}
	}
}
