package browser

import (
	"cmp"
	"context"
	"errors"
	"time"

	"github.com/playwright-community/playwright-go"

	"pipe/steps"
)

// CallLimit is for calls that the browser answers at once when it is well.
const CallLimit = 30 * time.Second

// CDPSession is a DevTools session of a browser or a page.
type CDPSession struct {
	playwright.CDPSession

	start func(func(ctx context.Context))
}

// Command sends a command and waits for its answer.
func (s *CDPSession) Command(ctx context.Context, method string, params map[string]any) (map[string]any, error) {
	answer, err := steps.CallWithin(ctx, CallLimit, method, func() (any, error) { return s.Send(method, params) })
	return Fields(answer), err
}

// Evaluate gives the value of a JavaScript expression in the page's own frame, or that
// of its promise. It costs one command, where the driver's own evaluation costs that and
// the driver's scripts in each document. Like a call of the driver's it takes no context:
// see steps.Call.
func (s *CDPSession) Evaluate(expression string) (any, error) {
	answer, err := s.Send("Runtime.evaluate", map[string]any{"expression": expression, "awaitPromise": true, "returnByValue": true, "silent": true})
	if err != nil {
		return nil, err
	}
	if thrown := Fields(Fields(answer)["exceptionDetails"]); thrown != nil {
		return nil, errors.New(cmp.Or(Text(Fields(thrown["exception"])["description"]), Text(thrown["text"])))
	}
	return Fields(Fields(answer)["result"])["value"], nil
}

// Tell sends a command whose answer does not matter: what it is about may be
// gone by now, which is as good.
func (s *CDPSession) Tell(method string, params map[string]any) {
	s.start(func(ctx context.Context) { _, _ = s.Command(ctx, method, params) })
}

// Go runs something beside for as long as the browser lives.
func (s *CDPSession) Go(f func(ctx context.Context)) { s.start(f) }

// Fields gives the fields of an object of the protocol, nil for anything else.
func Fields(v any) map[string]any {
	m, _ := v.(map[string]any)
	return m
}

// Text gives a string of the protocol, "" for anything else.
func Text(v any) string {
	s, _ := v.(string)
	return s
}

// Number gives a number of the protocol, 0 for anything else.
func Number(v any) int {
	switch n := v.(type) {
	case float64:
		return int(n)
	case int:
		return n
	default:
		return 0
	}
}
