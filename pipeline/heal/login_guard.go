package heal

import (
	"context"
	"errors"
	"strings"
	"sync"

	"github.com/playwright-community/playwright-go"

	"pipe/specs"
	"pipe/steps"
)

// ErrLoginProvesNothing is a login.success that holds before anybody has logged in.
var ErrLoginProvesNothing = errors.New("login.success holds on the login's own page by the patch, before anybody is in: it would prove nothing")

// LoginGuard makes sure, while a patch is proved, that login.success does not hold before
// the login: a page without it would count as one that is in.
type LoginGuard struct {
	Spec *specs.Spec

	mu     sync.Mutex
	looked bool
	held   bool
}

// Found implements steps.Elements: it looks once, before the first step of the login acts.
func (g *LoginGuard) Found(ctx context.Context, on *steps.StepContext, place string, _ specs.Target, _ playwright.Locator) func(error) {
	g.mu.Lock()
	defer g.mu.Unlock()
	if g.looked || g.Spec.Login == nil || !strings.HasPrefix(place, "login.steps") {
		return nil
	}
	g.looked = true
	holds, err := on.Holds(ctx, g.Spec.Login.Success)
	g.held = err == nil && holds
	return nil
}

// Err gives ErrLoginProvesNothing where login.success has held.
func (g *LoginGuard) Err() error {
	g.mu.Lock()
	defer g.mu.Unlock()
	if g.held {
		return ErrLoginProvesNothing
	}
	return nil
}
