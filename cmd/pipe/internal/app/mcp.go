package app

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"strings"

	"github.com/modelcontextprotocol/go-sdk/mcp"
	"github.com/sourcegraph/conc"

	"pipe/pipeline/report/console"
	"pipe/specs"
)

// ServeMCP is `pipe mcp`: it serves the specs of the working directory to a client of the Model
// Context Protocol over standard input and output, until that goes away or an interrupt comes.
func ServeMCP(ctx context.Context, f SpecOptions, std Std) error {
	guard, err := newGuard(f.Secrets)
	if err != nil {
		return err
	}
	f.guard = guard
	return untilInterrupted(ctx, func(ctx context.Context) error {
		m := &mcpServer{opts: f, guard: guard, browsers: newWarmBrowsers(ctx, std, guard)}
		idle, stop := context.WithCancel(ctx)
		var owned conc.WaitGroup
		owned.Go(func() { m.browsers.closeIdle(idle) })
		err := m.server().Run(ctx, &mcp.StdioTransport{})
		stop()
		owned.Wait()
		if err != nil && ctx.Err() == nil {
			err = Exit(ExitEnvironment, fmt.Errorf("serving: %w", err))
		}
		return errors.Join(err, m.browsers.close(ctx))
	})
}

// mcpServer has what the tools need.
type mcpServer struct {
	opts     SpecOptions
	guard    *guard
	browsers *warmBrowsers
}

const mcpInstructions = "pipe brings a file and a record home for every item of a web site, as a YAML spec says. " +
	"To write one: inspect the pages (copy targets from there, do not guess selectors), write the file, then validate, source, dry_run, try. " +
	"Secrets are names in specs, ${{ secret.NAME }}: nobody can read their values here, so do not ask for them. " +
	"The resource pipe://agents says how; pipe://guide/NAME are the pages of the guide."

// server is the server with its tools and resources.
func (m *mcpServer) server() *mcp.Server {
	s := mcp.NewServer(&mcp.Implementation{Name: "pipe", Version: Version()}, &mcp.ServerOptions{Instructions: mcpInstructions})
	m.addLanguageTools(s)
	m.addKeptTools(s)
	m.addSiteTools(s)
	add := func(uri, name, text string) {
		s.AddResource(&mcp.Resource{URI: uri, Name: name, MIMEType: "text/markdown"}, func(context.Context, *mcp.ReadResourceRequest) (*mcp.ReadResourceResult, error) {
			return &mcp.ReadResourceResult{Contents: []*mcp.ResourceContents{{URI: uri, MIMEType: "text/markdown", Text: text}}}, nil
		})
	}
	add("pipe://agents", "How specs are written, checked and tried", string(AgentsFile()))
	for _, page := range specs.GuidePages() {
		add("pipe://guide/"+page.Name, page.Title, page.Text)
	}
	return s
}

// answer is what a tool tells: a text, pictures, and whether it went well.
type answer struct {
	out      bytes.Buffer
	pictures [][]byte
	meta     mcp.Meta
	// fine are the exit codes beside 0 that are no failure of the call.
	fine []int
}

// std is where commands print for the answer.
func (a *answer) std() Std { return Std{In: strings.NewReader(""), Out: &a.out, Err: &a.out} }

// tool adds a tool that does something for its input.
func tool[In any](s *mcp.Server, m *mcpServer, name, about string, reads bool, do func(ctx context.Context, call *mcp.CallToolRequest, in In, a *answer) error) {
	hint := &mcp.ToolAnnotations{ReadOnlyHint: reads}
	mcp.AddTool(s, &mcp.Tool{Name: name, Description: about, Annotations: hint}, func(ctx context.Context, call *mcp.CallToolRequest, in In) (*mcp.CallToolResult, any, error) {
		a := &answer{}
		err := do(ctx, call, in, a)
		return m.result(a, err), nil, nil
	})
}

// result is what the client gets: no secret is in it.
func (m *mcpServer) result(a *answer, err error) *mcp.CallToolResult {
	code := CodeOf(err)
	if err != nil && !errors.Is(err, ErrQuiet) {
		fmt.Fprintf(&a.out, "%s\n", Plain(err))
	}
	r := &mcp.CallToolResult{Meta: a.meta, IsError: code != ExitDone}
	for _, fine := range a.fine {
		r.IsError = r.IsError && code != fine
	}
	text := console.CleanLines(m.guard.redact(a.out.String()))
	if strings.TrimSpace(text) == "" {
		text = "done, with nothing to tell\n"
	}
	r.Content = append(r.Content, &mcp.TextContent{Text: text})
	for _, png := range a.pictures {
		r.Content = append(r.Content, &mcp.ImageContent{Data: png, MIMEType: "image/png"})
	}
	return r
}

// progress tells the client how far a call is, where it wants to know.
func (m *mcpServer) progress(ctx context.Context, call *mcp.CallToolRequest) func(line string) {
	token := call.Params.GetProgressToken()
	told := 0.0
	return func(line string) {
		if token == nil {
			return
		}
		told++
		// Who has gone away meanwhile needs no progress.
		_ = call.Session.NotifyProgress(ctx, &mcp.ProgressNotificationParams{
			ProgressToken: token, Progress: told, Message: console.Clean(m.guard.redact(strings.TrimSpace(line))),
		})
	}
}

// path gives the path of a spec within the folder; those that are shipped are there too.
func (m *mcpServer) path(spec string) (string, error) {
	if spec == "" {
		return "", Exit(ExitSpec, errors.New("spec: which one? Give its path, relative to the folder of this server"))
	}
	path, err := m.guard.within(spec)
	if err != nil {
		return "", Exit(ExitSpec, err)
	}
	return path, nil
}
