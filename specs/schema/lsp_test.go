package schema_test

import (
	"bufio"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/textproto"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"time"

	"pipe/specs/schema"
)

// editor speaks the Language Server Protocol with a server.
type editor struct {
	t   *testing.T
	in  io.Writer
	out *textproto.Reader
	id  int
	// schema is the one that what is opened names.
	schema string
	// told are the diagnostics of each document, as the server sends them.
	told map[string][]string
}

func openEditor(t *testing.T) *editor {
	t.Helper()
	if testing.Short() {
		t.Skip("needs a language server")
	}
	ctx, cancel := context.WithTimeout(t.Context(), 5*time.Minute)
	cmd := exec.CommandContext(ctx, "node", serverPath(t), "--stdio")
	in, err := cmd.StdinPipe()
	if err != nil {
		t.Fatal(err)
	}
	out, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { cancel(); _ = cmd.Wait() })
	e := &editor{t: t, in: in, out: textproto.NewReader(bufio.NewReader(out)), told: map[string][]string{}, schema: schema.File}
	e.ask("initialize", map[string]any{"processId": os.Getpid(), "rootUri": nil, "capabilities": map[string]any{
		"textDocument": map[string]any{
			"hover":      map[string]any{"contentFormat": []string{"plaintext"}},
			"completion": map[string]any{"completionItem": map[string]any{"documentationFormat": []string{"plaintext"}}},
		},
	}})
	e.tell("initialized", map[string]any{})
	return e
}

func (e *editor) send(m map[string]any) {
	e.t.Helper()
	m["jsonrpc"] = "2.0"
	body, err := json.Marshal(m)
	if err != nil {
		e.t.Fatal(err)
	}
	if _, err := fmt.Fprintf(e.in, "Content-Length: %d\r\n\r\n%s", len(body), body); err != nil {
		e.t.Fatal(err)
	}
}

func (e *editor) tell(method string, params any) {
	e.t.Helper()
	e.send(map[string]any{"method": method, "params": params})
}

// message is what the server says: an answer, a question or a notice.
type message struct {
	ID     json.RawMessage `json:"id"`
	Method string          `json:"method"`
	Params json.RawMessage `json:"params"`
	Result json.RawMessage `json:"result"`
	Error  json.RawMessage `json:"error"`
}

// next reads a message, answers what the server asks, and keeps diagnostics.
func (e *editor) next() message {
	e.t.Helper()
	head, err := e.out.ReadMIMEHeader()
	if err != nil {
		e.t.Fatalf("the language server says no more: %v", err)
	}
	n, err := strconv.Atoi(head.Get("Content-Length"))
	if err != nil {
		e.t.Fatal(err)
	}
	body := make([]byte, n)
	if _, err := io.ReadFull(e.out.R, body); err != nil {
		e.t.Fatal(err)
	}
	var m message
	if err := json.Unmarshal(body, &m); err != nil {
		e.t.Fatal(err)
	}
	switch {
	case m.Method == "workspace/configuration":
		var asked struct{ Items []any }
		_ = json.Unmarshal(m.Params, &asked)
		e.send(map[string]any{"id": m.ID, "result": make([]any, len(asked.Items))})
	case m.Method != "" && m.ID != nil:
		e.send(map[string]any{"id": m.ID, "result": nil})
	case m.Method == "textDocument/publishDiagnostics":
		var p struct {
			URI         string
			Diagnostics []struct {
				Message string
				Range   struct{ Start struct{ Line, Character int } }
			}
		}
		if err := json.Unmarshal(m.Params, &p); err != nil {
			e.t.Fatal(err)
		}
		e.told[p.URI] = []string{}
		for _, d := range p.Diagnostics {
			e.told[p.URI] = append(e.told[p.URI], fmt.Sprintf("%d:%d: %s", d.Range.Start.Line+1, d.Range.Start.Character+1, d.Message))
		}
	}
	return m
}

func (e *editor) ask(method string, params any) json.RawMessage {
	e.t.Helper()
	e.id++
	e.send(map[string]any{"id": e.id, "method": method, "params": params})
	for {
		m := e.next()
		if string(m.ID) != strconv.Itoa(e.id) || m.Method != "" {
			continue
		}
		if m.Error != nil {
			e.t.Fatalf("%s: %s", method, m.Error)
		}
		return m.Result
	}
}

// open opens a spec; | in its text is where the cursor is.
func (e *editor) open(dir, name, text string) map[string]any {
	e.t.Helper()
	text = "# yaml-language-server: $schema=" + e.schema + "\n" + text
	before, after, _ := strings.Cut(text, "|")
	uri := "file://" + filepath.ToSlash(filepath.Join(dir, name))
	e.tell("textDocument/didOpen", map[string]any{"textDocument": map[string]any{
		"uri": uri, "languageId": "yaml", "version": 1, "text": before + after,
	}})
	line := strings.Count(before, "\n")
	return map[string]any{
		"textDocument": map[string]any{"uri": uri},
		"position":     map[string]any{"line": line, "character": len(before) - strings.LastIndex(before, "\n") - 1},
	}
}

func (e *editor) hover(dir, name, text string) string {
	e.t.Helper()
	var answer struct{ Contents struct{ Value string } }
	if err := json.Unmarshal(e.ask("textDocument/hover", e.open(dir, name, text)), &answer); err != nil {
		e.t.Fatal(err)
	}
	return answer.Contents.Value
}

func (e *editor) completions(dir, name, text string) map[string]string {
	e.t.Helper()
	raw := e.ask("textDocument/completion", e.open(dir, name, text))
	type item struct {
		Label         string
		Documentation json.RawMessage
	}
	var answer struct{ Items []item }
	if err := json.Unmarshal(raw, &answer); err != nil {
		e.t.Fatal(err)
	}
	found := map[string]string{}
	for _, i := range answer.Items {
		found[i.Label] = string(i.Documentation)
	}
	return found
}
