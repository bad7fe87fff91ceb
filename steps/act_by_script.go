package steps

import (
	"context"
	_ "embed" // the script
	"encoding/json"
	"errors"
	"fmt"
	"strings"

	"github.com/playwright-community/playwright-go"
)

// ScriptInput is the pool's input by which clicks and fills are events that are made in
// the page, in place of the browser's own. They cost one command, and no frame has to be
// drawn for them, but they are not trusted: a site may take no notice of them.
const ScriptInput = "script"

//go:embed act_by_script.js
var actByScriptJS string

// Settler is a Capturer of a page on which scripts act.
type Settler interface {
	// Settle waits until a navigation that a script has begun shows its page, or is
	// none. Listening for it begins with WatchNavigations, before the script acts.
	Settle(ctx context.Context) error
	// WatchNavigations begins to listen for navigations, once for the page.
	WatchNavigations(ctx context.Context) error
}

// scriptedAction is an action that a script may do. scripted is what it does then, nil for
// what is for the browser's own input.
type scriptedAction interface {
	scripted(on *StepContext) map[string]any
}

// scriptDone is how the script begins to say that it has acted.
const scriptDone = "done"

// errByHand tells that an element is for the browser's own input.
var errByHand = errors.New("it is for the browser's own input")

// actByScript does something to the locator's element in the page itself. The error is
// errByHand where that is not for a script to do: within frames, or to what is no plain
// field. What is done once is done by the browser's own input too.
func (s *StepContext) actByScript(ctx context.Context, what string, loc playwright.Locator) error {
	if s.static() != nil {
		return errByHand
	}
	settler, ok := s.Files.(Settler)
	if !ok || s.Input != ScriptInput || s.once != nil || s.root != nil || s.step == nil {
		return errByHand
	}
	action, ok := s.step.Do.(scriptedAction)
	if !ok || inFrame(TargetOf(s.step)) {
		return errByHand
	}
	act := action.scripted(s)
	if act == nil {
		return errByHand
	}
	if err := settler.WatchNavigations(ctx); err != nil {
		return fmt.Errorf("%s: %w", what, err)
	}
	for seen := any(0); ; {
		said, err := s.pickAndAct(ctx, what, loc, act)
		switch {
		case err != nil:
			return err
		case strings.HasPrefix(said, scriptDone):
			s.replaced = strings.TrimPrefix(said, scriptDone)
			return settler.Settle(ctx)
		case said == "":
			return errByHand
		}
		// Something is in the way: it may be gone in a moment.
		if s.makeWay(ctx, loc) {
			continue
		}
		if seen, err = s.awaitChange(ctx, what, seen); IsNavigating(err) {
			seen = 0
		} else if err != nil {
			return err
		}
		if ctx.Err() != nil {
			return ContextError(ctx, what)
		}
	}
}

// pickAndAct is one command: the locator's elements are picked, and then acted on.
func (s *StepContext) pickAndAct(ctx context.Context, what string, loc playwright.Locator, act map[string]any) (string, error) {
	act["round"] = readRounds.Add(1)
	text, err := json.Marshal(act)
	if err != nil {
		return "", err
	}
	acting := loc.Locator(pickEngine + "=" + string(text)).Or(s.Page.Locator("html").Locator(actEngine + "=" + string(text)))
	return callActionFor(ctx, s, what, func() (string, error) {
		return acting.TextContent(playwright.LocatorTextContentOptions{Timeout: timeoutMillis(ctx)})
	})
}
