package bench

import (
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"testing"
	"testing/fstest"
	"time"

	"pipe/pipeline/practice"
)

// Messages are counted from the first item on, and a message's text is none.
func TestCountMessages(t *testing.T) {
	t.Parallel()
	log := strings.Join([]string{
		`2026-03-04T05:06:07.100Z pw:protocol SEND ► {"id":1,"method":"Target.createTarget"}`,
		`2026-03-04T05:06:07.200Z pw:channel SEND> {"id":1,"method":"click"}`,
		`2026-03-04T05:06:07.210Z pw:protocol SEND ► {"id":2,"method":"Runtime.callFunctionOn"}`,
		`2026-03-04T05:06:07.220Z pw:protocol ◀ RECV {"id":2,"result":"pw:channel SEND>"}`,
		`2026-03-04T05:06:07.230Z pw:protocol SEND ► {"id":3,"method":"Page.navigate","params":"` + strings.Repeat("x", 100_000) + `"}`,
		`2026-03-04T05:06:07.240Z pw:channel <RECV {"id":1}`,
		`pw:channel SEND> {"id":1}`,
		`2026-03-04T05:06:07.250Z pw:channel SEND> {"id":2}`,
	}, "\n")
	since := time.Date(2026, 3, 4, 5, 6, 7, 200_000_000, time.UTC)
	got, err := countMessages(strings.NewReader(log), since)
	if want := (Counted{Commands: 2, Functions: 1, RoundTrips: 2}); err != nil || got != want {
		t.Errorf("%+v, %v, want %+v", got, err, want)
	}
}

// The output of a program is read whatever else is in it, however long its lines are.
func TestHistory(t *testing.T) {
	t.Parallel()
	out := strings.Join([]string{
		string(sentMark), `{"guid":"before the first item"}`,
		`{"time":"2026-03-04T05:06:07Z","event":"attempt_started","worker":"1.1","key":"A"}`,
		`{"time":"2026-03-04T05:06:08Z","event":"step_started","worker":"1.1","key":"A"}`,
		string(sentMark), strings.Repeat("x", 1<<20), string(sentMark), `{"time": broken`,
		`{"time":"2026-03-04T05:06:10Z","event":"page_freed","worker":"1.1","key":"A"}`,
		`{"time":"2026-03-04T05:06:11Z","event":"item_done","key":"A"}`,
	}, "\n")
	h := newHistory()
	if err := h.read(strings.NewReader(out)); err != nil {
		t.Fatal(err)
	}
	if h.sent != 2 || h.busy != 2*time.Second || len(h.done) != 1 || h.attempts != 1 {
		t.Errorf("%d sent, %v busy, %d done, %d attempts", h.sent, h.busy, len(h.done), h.attempts)
	}
}

// A program that does not do all of it right has no figures, whatever its speed.
func TestWrongRunsAreNoFigures(t *testing.T) {
	t.Parallel()
	if runtime.GOOS != "linux" {
		t.Skip("what processes take is told by Linux alone")
	}
	done := `for i in 1 2; do echo '{"time":"2026-03-04T05:06:07Z","event":"item_done","key":"A"}'; done`
	for name, test := range map[string]struct{ script, want string }{
		"fails":            {"echo no luck >&2; exit 3", "exit status 3\nno luck"},
		"does nothing":     {"true", "0 times and sent it whole 0 times; it has told of 0 items that are done, of 2"},
		"says that it has": {done, "0 times and sent it whole 0 times"},
		"is killed":        {"kill -9 $$", "signal: killed"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			var said []string
			o := Options{
				Pipes: []Pipe{{Name: "pipe", Program: "sh", Args: []string{"-c", test.script}}}, Shapes: []Shape{{1, 1}},
				Items: 2, Runs: 1, Dir: t.TempDir(), Say: func(line string) { said = append(said, line) }, Scripts: fstest.MapFS{},
			}
			r, err := Measure(t.Context(), o)
			if err != nil {
				t.Fatal(err)
			}
			p := r.Shapes[0].Programs[0]
			if !r.Wrong() || !strings.Contains(p.Runs[0].Wrong, test.want) || p.Median.Rate != 0 {
				t.Errorf("%+v", p)
			}
			var table strings.Builder
			r.Print(&table)
			for _, text := range append(said, table.String()) {
				if !strings.Contains(text, "no figure: ") {
					t.Errorf("nothing is told of it: %s", text)
				}
			}
			if left, err := filepath.Glob(filepath.Join(o.Dir, "*")); err != nil || len(left) != 0 {
				t.Errorf("left is %v, %v", left, err)
			}
		})
	}
}

// A peer must have written each file whole.
func TestFilesOfPeers(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	m := measured{history: newHistory()}
	m.history.done = make([]time.Time, 1)
	vehicle := []practice.Vehicle{{Reference: "24K0173"}}
	m.counts = practice.Counts{Produced: map[string]int{"24K0173": 1}, Served: map[string]int{"24K0173": 1}}
	for content, want := range map[string]string{"%PDF-1.4 half": ".pdf is no whole PDF", "%PDF-1.4 …\n%%EOF\n": ""} {
		if err := os.WriteFile(filepath.Join(dir, vehicle[0].Reference+".pdf"), []byte(content), 0o600); err != nil {
			t.Fatal(err)
		}
		if got := faults(m, vehicle, dir, true); (got == "") != (want == "") || !strings.HasSuffix(got, want) {
			t.Errorf("%q: %q", content, got)
		}
	}
	m.counts.Produced[vehicle[0].Reference] = 2
	if got := faults(m, vehicle, dir, false); !strings.Contains(got, "2 times and sent it whole 1 times") {
		t.Errorf("made twice: %q", got)
	}
}
