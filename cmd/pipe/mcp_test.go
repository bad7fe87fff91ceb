package main

import (
	"bytes"
	"cmp"
	"context"
	"encoding/json"
	"os"
	"os/exec"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/modelcontextprotocol/go-sdk/mcp"

	"pipe/cmd/pipe/internal/app"
	"pipe/pipeline/practice"
)

// assistant is a client of a `pipe mcp` process.
type assistant struct {
	*job
	session *mcp.ClientSession
	// wire is all that has gone to and fro, progress gets what calls tell on their way.
	wire     *lockedBuffer
	progress chan string
}

// lockedBuffer is a buffer that several may write to.
type lockedBuffer struct {
	mu  sync.Mutex
	buf bytes.Buffer
}

func (b *lockedBuffer) Write(p []byte) (int, error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.buf.Write(p)
}

func (b *lockedBuffer) String() string {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.buf.String()
}

// assist starts the server as a child and connects to it.
func assist(t *testing.T, j *job) *assistant {
	t.Helper()
	a := &assistant{job: j, wire: &lockedBuffer{}, progress: make(chan string, 1000)}
	// It ends when its input does, which is after the test's context.
	cmd := exec.CommandContext(context.WithoutCancel(t.Context()), cmp.Or(j.program, "pipe"), "mcp")
	cmd.Dir, cmd.Env, cmd.Stderr = j.dir, append(os.Environ(), j.env...), a.wire
	client := mcp.NewClient(&mcp.Implementation{Name: "test", Version: "1"}, &mcp.ClientOptions{
		ProgressNotificationHandler: func(_ context.Context, req *mcp.ProgressNotificationClientRequest) { a.progress <- req.Params.Message },
	})
	session, err := client.Connect(t.Context(), &mcp.LoggingTransport{
		Transport: &mcp.CommandTransport{Command: cmd, TerminateDuration: time.Minute}, Writer: a.wire,
	}, nil)
	if err != nil {
		t.Fatal(err)
	}
	a.session = session
	t.Cleanup(func() {
		if err := session.Close(); err != nil {
			t.Errorf("the server ended with %v", err)
		}
	})
	return a
}

// call calls a tool, and gives its text.
func (a *assistant) call(fails bool, tool string, args map[string]any) (string, *mcp.CallToolResult) {
	a.t.Helper()
	r, err := a.session.CallTool(a.t.Context(), &mcp.CallToolParams{Name: tool, Arguments: args})
	if err != nil {
		a.t.Fatalf("%s: %v", tool, err)
	}
	text := ""
	for _, c := range r.Content {
		if t, is := c.(*mcp.TextContent); is {
			text += t.Text
		}
	}
	if r.IsError != fails {
		a.t.Errorf("%s %v: is an error: %v\n%s", tool, args, r.IsError, text)
	}
	return text, r
}

// hasPicture tells whether an answer has a picture.
func hasPicture(r *mcp.CallToolResult) bool {
	return slices.ContainsFunc(r.Content, func(c mcp.Content) bool {
		image, is := c.(*mcp.ImageContent)
		return is && bytes.HasPrefix(image.Data, []byte("\x89PNG"))
	})
}

// An assistant sees pages, writes a spec, checks and tries it, and looks at what failed, all by
// one browser. It learns no secret, and nothing is changed on the site unless it says so.
func TestMCP(t *testing.T) {
	t.Parallel()
	j := newJob(t, practice.Options{Vehicles: 3})
	j.env = append(j.env, "UNTOLD=value-of-the-machine")
	a := assist(t, j)
	ref := j.site.Vehicles()[0].Reference
	tools, err := a.session.ListTools(t.Context(), nil)
	j.must(err)
	var names []string
	for _, tool := range tools.Tools {
		names = append(names, tool.Name)
	}
	for _, want := range []string{"schema", "steps", "validate", "fmt", "inspect", "source", "dry_run", "try", "status", "failures", "show"} {
		if !slices.Contains(names, want) {
			t.Errorf("there is no tool %s: %v", want, names)
		}
	}
	agents, err := a.session.ReadResource(t.Context(), &mcp.ReadResourceParams{URI: "pipe://agents"})
	if err != nil || agents.Contents[0].Text != string(app.AgentsFile()) {
		t.Errorf("the resource: %v", err)
	}
	page, _ := a.call(false, "inspect", map[string]any{"spec": "inventory.yaml"})
	has(t, page, `stock_number: {text_of: ".stock"}`, "/target: {role: button, name: Export}")

	whole := shipped(t, "name: inventory", "name: mine", "pace: {delay: 1s}", "pace: {delay: 0s}")
	j.write("mine.yaml", strings.Replace(whole, "click: {role: button, name: Export}", "clik: {role: button, name: Export}", 1))
	faults, _ := a.call(true, "validate", map[string]any{"spec": "mine.yaml"})
	has(t, faults, `did you mean \"click\"?`)
	j.write("mine.yaml", whole)
	a.call(false, "validate", map[string]any{"spec": "mine.yaml"})
	rows, _ := a.call(false, "source", map[string]any{"spec": "mine.yaml"})
	has(t, rows, "3 rows: 3 items", "stock_number")
	dry, first := a.call(false, "dry_run", map[string]any{"spec": "mine.yaml", "items": []string{ref}})
	has(t, dry, "dry run: 3 rows, 1 item walked, 0 failed")
	tried, second := a.call(false, "try", map[string]any{"spec": "mine.yaml", "item": ref})
	has(t, tried, "ended before download[1].capture: it may change something on the site")
	if c := j.site.Counts(); len(c.Produced) != 0 {
		t.Errorf("the site has produced %v", c.Produced)
	}
	if first.Meta["pipe/browsers_started"] != 2.0 || second.Meta["pipe/browsers_started"] != 2.0 {
		t.Errorf("browsers: %v and %v", first.Meta, second.Meta)
	}
	done, _ := a.call(false, "try", map[string]any{"spec": "mine.yaml", "item": ref, "allow_writes": true})
	has(t, done, "done: 1 file, 2 fields")
	if c := j.site.Counts(); c.Produced[ref] != 1 {
		t.Errorf("the site has produced %v", c.Produced)
	}
	outside, _ := a.call(true, "validate", map[string]any{"spec": "../other.yaml"})
	has(t, outside, "outside of the folder")
	j.write("env.yaml", "name: env\nkey: ${{ item.a }}\nsource: {items: [{b: x}], map: {a: \"is ${{ env.UNTOLD }}\"}}\n")
	told, _ := a.call(false, "source", map[string]any{"spec": "env.yaml"})
	has(t, told, "is ***")
	if wire := a.wire.String(); strings.Contains(wire, practice.DefaultPassword) || strings.Contains(wire, "value-of-the-machine") {
		t.Error("a secret has gone over the wire")
	}
}

// Failures come with their causes and their screenshots, from a run and from a trial.
func TestMCPFailures(t *testing.T) {
	t.Parallel()
	j := newJob(t, practice.Options{Vehicles: 2}, `- click: {role: button, name: Print/Email Reports}`, `- click: {role: button, name: Print Reports, timeout: 300ms}`,
		"  pages: 2 ", "  pages: 1 ")
	j.run(app.ExitFailed)
	a := assist(t, j)
	ref := j.site.Vehicles()[0].Reference
	text, r := a.call(false, "failures", map[string]any{"spec": "inventory.yaml"})
	var shown struct{ Failed int }
	if err := json.Unmarshal([]byte(text), &shown); err != nil || shown.Failed != 2 || !hasPicture(r) {
		t.Errorf("%v, %d failed, a picture: %v\n%s", err, shown.Failed, hasPicture(r), text)
	}
	has(t, text, "download[0]", "Print Reports")
	if text, r = a.call(false, "show", map[string]any{"spec": "inventory.yaml", "item": ref}); !hasPicture(r) {
		t.Errorf("no picture:\n%s", text)
	}
	status, _ := a.call(false, "status", map[string]any{"spec": "inventory.yaml"})
	has(t, status, "failed", ref)
	if text, r = a.call(true, "try", map[string]any{"spec": "inventory.yaml", "item": ref}); !hasPicture(r) {
		t.Errorf("no picture:\n%s", text)
	}
	if strings.Contains(a.wire.String(), practice.DefaultPassword) {
		t.Error("the password has gone over the wire")
	}
}

// A call tells how far it is, and ends when its client gives it up; the browser serves the next.
func TestMCPCancel(t *testing.T) {
	t.Parallel()
	j := newJob(t, practice.Options{Vehicles: 2}, `- click: {role: button, name: Print/Email Reports}`, `- click: {role: button, name: Print Reports, timeout: 10m}`,
		"name: inventory", "name: inventory\ntimeouts: {item: 20m}")
	a := assist(t, j)
	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	params := &mcp.CallToolParams{Name: "try", Arguments: map[string]any{"spec": "inventory.yaml"}}
	params.SetProgressToken("one")
	ended := make(chan error, 1)
	var owned sync.WaitGroup
	owned.Go(func() {
		_, err := a.session.CallTool(ctx, params)
		ended <- err
	})
	defer owned.Wait()
	for line := range a.progress {
		if strings.HasPrefix(line, "download[0].click") {
			cancel()
			break
		}
	}
	if err := <-ended; err == nil {
		t.Error("the call was not given up")
	}
	_, r := a.call(false, "inspect", map[string]any{"spec": "inventory.yaml"})
	if r.Meta["pipe/browsers_started"] != 1.0 {
		t.Errorf("browsers: %v", r.Meta)
	}
}
