package evidence

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"sync"

	"github.com/playwright-community/playwright-go"

	"pipe/steps"
)

// tab is a DevTools session with a page, for as long as it is looked at.
type tab struct {
	cdp playwright.CDPSession

	mu       sync.Mutex
	console  []string
	requests []Request
	// bytes is how big the page is with its resources, as far as it says so.
	bytes int64
}

// open begins one.
func open(ctx context.Context, page playwright.Page) (*tab, error) {
	cdp, err := steps.CallWithin(ctx, askLimit, "opening a DevTools session", func() (playwright.CDPSession, error) {
		return page.Context().NewCDPSession(page)
	})
	if err != nil {
		return nil, err
	}
	return &tab{cdp: cdp}, nil
}

func (t *tab) close(ctx context.Context) {
	// A page that is gone has ended it.
	_ = steps.DoWithin(context.WithoutCancel(ctx), askLimit, "closing a DevTools session", t.cdp.Detach)
}

// ask sends a command and decodes its answer.
func (t *tab) ask(ctx context.Context, method string, params map[string]any, into any) error {
	answer, err := steps.CallWithin(ctx, askLimit, method, func() (any, error) { return t.cdp.Send(method, params) })
	if err != nil || into == nil {
		return err
	}
	return recode(answer, into)
}

// recode decodes what the driver's library has decoded without a type.
func recode(answer, into any) error {
	data, err := json.Marshal(answer)
	if err == nil {
		err = json.Unmarshal(data, into)
	}
	return err
}

// read reads what the page says, and what the browser remembers of it.
func (t *tab) read(ctx context.Context, m *Messages) error {
	err := errors.Join(t.remembered(ctx), t.said(ctx, m))
	t.mu.Lock()
	defer t.mu.Unlock()
	m.Console, m.Requests = t.console, t.requests
	return err
}

// rememberedMost is how many console errors, and how many requests, are kept: the newest.
const rememberedMost = 50

// remembered has the browser tell once more what it told when it happened: it keeps the
// messages of each page, up to its next navigation, for whoever opens the DevTools later.
func (t *tab) remembered(ctx context.Context) error {
	t.cdp.On("Log.entryAdded", func(e map[string]any) { t.entry(e) })
	t.cdp.On("Runtime.consoleAPICalled", func(e map[string]any) { t.called(e) })
	t.cdp.On("Runtime.exceptionThrown", func(e map[string]any) { t.thrown(e) })
	return errors.Join(t.ask(ctx, "Log.enable", nil, nil), t.ask(ctx, "Runtime.enable", nil, nil))
}

func (t *tab) addError(text string) {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.console = append(t.console, text)
	t.console = t.console[max(0, len(t.console)-rememberedMost):]
}

// loadFailed is what the browser writes before what became of a request, and blocked what
// it says of those that the spec does not let pages make.
const (
	loadFailed = "Failed to load resource: "
	blocked    = "ERR_BLOCKED_BY_CLIENT"
)

func (t *tab) entry(event map[string]any) {
	var e struct {
		Entry struct{ Source, Level, Text, URL string }
	}
	if recode(event, &e) != nil || e.Entry.Level != "error" {
		return
	}
	failure, isRequest := strings.CutPrefix(e.Entry.Text, loadFailed)
	switch {
	case strings.Contains(failure, blocked):
	case isRequest:
		t.mu.Lock()
		defer t.mu.Unlock()
		t.requests = append(t.requests, Request{URL: steps.ShortURL(e.Entry.URL), Failure: failure})
		t.requests = t.requests[max(0, len(t.requests)-rememberedMost):]
	default:
		t.addError(e.Entry.Text)
	}
}

func (t *tab) called(event map[string]any) {
	var e struct {
		Type string
		Args []struct {
			Value       any
			Description string
		}
	}
	if recode(event, &e) != nil || e.Type != "error" && e.Type != "assert" {
		return
	}
	var texts []string
	for _, arg := range e.Args {
		if arg.Value != nil {
			arg.Description = fmt.Sprint(arg.Value)
		}
		texts = append(texts, arg.Description)
	}
	t.addError(strings.Join(texts, " "))
}

func (t *tab) thrown(event map[string]any) {
	var e struct {
		ExceptionDetails struct {
			Text      string
			Exception struct {
				Value       any
				Description string
			}
		}
	}
	if recode(event, &e) != nil {
		return
	}
	d := e.ExceptionDetails
	if d.Exception.Value != nil {
		d.Exception.Description = fmt.Sprint(d.Exception.Value)
	}
	t.addError(strings.TrimSpace(d.Text + " " + d.Exception.Description))
}
