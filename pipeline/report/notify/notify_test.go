package notify_test

import (
	"context"
	"encoding/json"
	"errors"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"
	"time"

	"pipe/pipeline"
	"pipe/pipeline/report/notify"
	"pipe/specs"
	"pipe/specs/secret"
	"pipe/steps"
)

// hook is a webhook that keeps what it gets, and refuses the first so many.
type hook struct {
	*httptest.Server
	got chan map[string]string

	mu      sync.Mutex
	refuses int
}

func newHook(t *testing.T, refuses int) *hook {
	t.Helper()
	h := &hook{got: make(chan map[string]string, 100), refuses: refuses}
	h.Server = httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		h.mu.Lock()
		defer h.mu.Unlock()
		if h.refuses > 0 {
			h.refuses--
			http.Error(w, "not now", http.StatusServiceUnavailable)
			return
		}
		text, err := io.ReadAll(r.Body)
		message := map[string]string{}
		if err = errors.Join(err, json.Unmarshal(text, &message)); err != nil {
			t.Errorf("%q: %v", text, err)
		}
		h.got <- message
	}))
	t.Cleanup(h.Close)
	return h
}

// url is the hook's address for a spec, with a token that must not be told.
func (h *hook) url() string { return "generic+" + h.URL + "/hush-token-77?template=json" }

// next waits for a message.
func (h *hook) next(t *testing.T) map[string]string {
	t.Helper()
	select {
	case m := <-h.got:
		return m
	case <-t.Context().Done():
		t.Fatal("no message came")
		return nil
	}
}

// nothing makes sure that no more came than was taken.
func (h *hook) nothing(t *testing.T) {
	t.Helper()
	select {
	case m := <-h.got:
		t.Errorf("it was told too: %v", m)
	default:
	}
}

// load reads a spec that has this notify.
func load(t *testing.T, env map[string]string, list string) (*specs.Spec, *secret.Store) {
	t.Helper()
	lookup := func(name string) (string, bool) { v, ok := env[name]; return v, ok }
	secrets := secret.New(lookup)
	spec, err := specs.Parse("stock.yaml", []byte("name: stock\nkey: ${{ item.a }}\nsource: {items: [{a: \"1\"}]}\nnotify:\n"+list), specs.Options{
		Verbs: steps.Verbs(), Env: lookup, Secrets: secrets,
	})
	if err != nil {
		t.Fatal(err)
	}
	return spec, secrets
}

func start(ctx context.Context, t *testing.T, spec *specs.Spec, secrets *secret.Store, warn func(string)) *notify.Notifier {
	t.Helper()
	targets, err := notify.Targets(spec)
	if err != nil {
		t.Fatal(err)
	}
	if warn == nil {
		warn = func(text string) { t.Errorf("a warning: %s", text) }
	}
	return notify.Start(ctx, spec, targets, notify.Options{Folder: "/out/stock", Redact: secrets.Redact, Warn: warn})
}

// Each is told of what it asks for, once, and as the most that it is.
func TestWhoIsToldOfTheEnd(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name string
		run  notify.Run
		want map[string]string // the target's message
	}{
		{"all done", notify.Run{Reason: "finished"}, map[string]string{"plain": "finish", "all": "finish"}},
		{"some failed", notify.Run{Reason: "finished", ExitCode: 1}, map[string]string{"plain": "finish", "failure": "failure", "all": "failure"}},
		{"drift", notify.Run{Reason: "gone", Drift: "gone", ExitCode: 2}, map[string]string{"plain": "finish", "failure": "failure", "drift": "drift", "all": "drift"}},
		{"interrupted", notify.Run{Reason: "interrupted", ExitCode: 130, Interrupted: true}, map[string]string{"plain": "finish", "all": "finish"}},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			hooks, env, list := map[string]*hook{}, map[string]string{}, ""
			for name, on := range map[string]string{"plain": "", "failure": "on: failure,", "drift": "on: drift,", "person": "on: person,", "by": "nothing_by: 1h,", "all": "on: [finish, failure, drift, person],"} {
				hooks[name] = newHook(t, 0)
				env[name] = hooks[name].url()
				list += "  - {to: \"${{ secret." + name + " }}\", " + on + " message: \"${{ event.kind }}\"}\n"
			}
			spec, secrets := load(t, env, list)
			start(t.Context(), t, spec, secrets, nil).End(func(r *notify.Run) {
				r.ExitCode, r.Reason, r.Drift, r.Interrupted = c.run.ExitCode, c.run.Reason, c.run.Drift, c.run.Interrupted
			})
			for name, h := range hooks {
				if want := c.want[name]; want != "" {
					if got := h.next(t)["message"]; got != want {
						t.Errorf("%s: %q, want %q", name, got, want)
					}
				}
				h.nothing(t)
			}
		})
	}
}

// The default message says what there is to know, and a secret that a site repeats is not
// in it.
func TestDefaultMessage(t *testing.T) {
	t.Parallel()
	h := newHook(t, 0)
	spec, secrets := load(t, map[string]string{"URL": h.url(), "PASSWORD": "pa55-word"}, "  - ${{ secret.URL }}\nlogin:\n  steps: [{fill: {label: a, value: \"${{ secret.PASSWORD }}\"}}]\n  success: {visible: b}\n")
	n := start(t.Context(), t, spec, secrets, nil)
	n.Observe(pipeline.Event{Kind: pipeline.RunStarted, Run: 7})
	n.Observe(pipeline.Event{Kind: pipeline.ItemDone, Totals: &pipeline.Totals{In: 3, Done: 1, Failed: 1, Pending: 1}})
	n.Observe(pipeline.Event{Kind: pipeline.ItemFailed, Totals: &pipeline.Totals{In: 3, Done: 1, Failed: 2}})
	n.End(func(r *notify.Run) {
		r.ExitCode, r.Reason, r.Elapsed = 1, "finished", 75*time.Second
		r.Causes = []pipeline.ReasonCount{{Class: pipeline.NotFound, Reason: "no vehicle\nwith\x1b[31m pa55-word\u202e", Items: 2}}
	})
	got := h.next(t)
	if want := "stock: finished, not all done, 2 failed"; got["title"] != want {
		t.Errorf("the title is %q, want %q", got["title"], want)
	}
	want := "run 7: in 3 = done 1 + failed 2 + pending 0 + duplicates 0\nthis run: 1 done, 0 skipped, 1 failed in 1m15s\n2 × not_found: no vehicle with[31m ***\nexit code 1\n/out/stock"
	if got["message"] != want {
		t.Errorf("got %q, want %q", got["message"], want)
	}
}

// A run that was to do a part has not done all.
func TestPartIsNotAll(t *testing.T) {
	t.Parallel()
	h := newHook(t, 0)
	spec, secrets := load(t, map[string]string{"URL": h.url()}, "  - ${{ secret.URL }}\n")
	start(t.Context(), t, spec, secrets, nil).End(func(r *notify.Run) {
		r.Reason, r.Totals = "finished", pipeline.Totals{In: 8, Done: 3, Pending: 5}
	})
	if got, want := h.next(t)["title"], "stock: finished, 5 to do"; got != want {
		t.Errorf("the title is %q, want %q", got, want)
	}
}

// A message of the spec's own that cannot be made gives way to the default one.
func TestOwnMessage(t *testing.T) {
	t.Parallel()
	h, broken := newHook(t, 0), newHook(t, 0)
	spec, secrets := load(t, map[string]string{"A": h.url(), "B": broken.url()},
		"  - {to: \"${{ secret.A }}\", title: \"${{ run.spec }} is ${{ run.outcome }}\", message: \"${{ run.done }}/${{ run.failed }} ${{ run.causes[0].reason }} ${{ run.seconds > 60 }}\"}\n"+
			"  - {to: \"${{ secret.B }}\", message: \"${{ run.causes[5].reason }}\"}\n")
	var warned string
	n := start(t.Context(), t, spec, secrets, func(text string) { warned = text })
	n.End(func(r *notify.Run) {
		r.Reason, r.Elapsed, r.Totals = "finished", 2*time.Minute, pipeline.Totals{Done: 5, Failed: 1}
		r.Causes = []pipeline.ReasonCount{{Class: pipeline.Rejected, Reason: "sold", Items: 1}}
	})
	if got := h.next(t); got["title"] != "stock is all done" || got["message"] != "5/1 sold true" {
		t.Errorf("got %q", got)
	}
	if got := broken.next(t); !strings.Contains(got["message"], "1 × rejected: sold") {
		t.Errorf("got %q", got)
	}
	if !strings.Contains(warned, "notify[1] (generic): the message is the default one") {
		t.Errorf("the warning is %q", warned)
	}
}

// What goes wrong for a moment is tried again; what goes wrong for good is a warning that
// tells nothing of the address.
func TestRefused(t *testing.T) {
	t.Parallel()
	later, never := newHook(t, 1), newHook(t, 1000)
	spec, secrets := load(t, map[string]string{"A": later.url(), "B": never.url()}, "  - ${{ secret.A }}\n  - ${{ secret.B }}\n")
	var warned []string
	start(t.Context(), t, spec, secrets, func(text string) { warned = append(warned, text) }).End(func(r *notify.Run) { r.Reason = "finished" })
	later.next(t)
	never.nothing(t)
	if len(warned) != 1 || !strings.HasPrefix(warned[0], "notify[1] (generic) was not told of it (finish): ") || !strings.Contains(warned[0], "503") {
		t.Errorf("the warnings are %q", warned)
	}
	if strings.Contains(strings.Join(warned, " "), "hush") {
		t.Errorf("a warning tells the address: %q", warned)
	}
}

// A person is told at once, and so is one who waits for something to be done.
func TestWhileTheRunGoesOn(t *testing.T) {
	t.Parallel()
	h := newHook(t, 0)
	spec, secrets := load(t, map[string]string{"A": h.url()}, "  - {to: \"${{ secret.A }}\", on: person, nothing_by: {after: 1ms}}\n")
	n := start(t.Context(), t, spec, secrets, nil)
	if got := h.next(t); got["title"] != "stock: nothing is done yet" || !strings.HasPrefix(got["message"], "no item is done at ") {
		t.Errorf("got %q", got)
	}
	n.Observe(pipeline.Event{Time: time.Now(), Kind: pipeline.AccountGivenUp, Account: "2", Reason: "a captcha"})
	if got := h.next(t); got["title"] != "stock: a person is needed: account 2 cannot be logged in" || !strings.HasPrefix(got["message"], "a captcha\n") {
		t.Errorf("got %q", got)
	}
	n.End(func(*notify.Run) {})
	h.nothing(t)
}

// One who waits for something to be done hears nothing once it is.
func TestSomethingIsDone(t *testing.T) {
	t.Parallel()
	h := newHook(t, 0)
	spec, secrets := load(t, map[string]string{"A": h.url()}, "  - {to: \"${{ secret.A }}\", nothing_by: {after: 1h}}\n")
	n := start(t.Context(), t, spec, secrets, nil)
	n.Observe(pipeline.Event{Kind: pipeline.ItemDone})
	n.End(func(*notify.Run) {})
	h.nothing(t)
}
