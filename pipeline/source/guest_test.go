package source

import (
	"context"
	"slices"
	"testing"
	"time"

	"github.com/playwright-community/playwright-go"

	"pipe/pipeline"
	"pipe/specs"
	"pipe/steps"
)

// guestPage is a page on which a list is read, by a guest the first time.
type guestPage struct {
	pipeline.Page
	told []string
	// silent is a guest whom only login.success tells, else login.lost does.
	silent, lost bool
}

func (p *guestPage) Playwright() playwright.Page   { return nil }
func (p *guestPage) Files() steps.Capturer         { return nil }
func (p *guestPage) Exclusives() *steps.Exclusives { return nil }
func (p *guestPage) Turn() *steps.Turn             { return nil }
func (p *guestPage) Watch(func(error)) func()      { return func() {} }
func (p *guestPage) Lost() bool                    { return p.lost }
func (p *guestPage) Done()                         {}

func (p *guestPage) LookHome(context.Context) error {
	p.told = append(p.told, "home")
	return nil
}

func (p *guestPage) StillIn(_ context.Context, work string, again bool) error {
	p.told = append(p.told, work)
	switch {
	case again:
		p.lost = false
	case p.silent:
		return steps.ErrSessionLost
	default:
		p.lost = true
	}
	return nil
}

// guestPages lend it.
type guestPages struct {
	pipeline.Pages
	page *guestPage
}

func (p guestPages) Prepare(context.Context, int)                     {}
func (p guestPages) Workers() []pipeline.Worker                       { return []pipeline.Worker{{Name: "c1p1"}} }
func (p guestPages) Open(context.Context, int) (pipeline.Page, error) { return p.page, nil }

// A list that a guest has read is read again.
func TestGuestsList(t *testing.T) {
	t.Parallel()
	for name, silent := range map[string]bool{"a shorter list": true, "a sign on the way": false} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			page := &guestPage{silent: silent}
			spec := &specs.Spec{}
			spec.Source.Export = &specs.Export{Steps: []specs.Step{{Verb: "goto"}}}
			s := &Source{Spec: spec, Pages: guestPages{page: page}, Attempts: 1, Reporter: pipeline.NewReporter(nil, nil, nil)}
			spec.Timeouts.Source = specs.Duration(time.Minute)
			reads := 0
			_, err := attempted(t.Context(), s, func(ctx context.Context) (int, error) {
				return 0, s.onSite(ctx, 0, func(context.Context, pipeline.Page, *steps.StepContext) error {
					reads++
					return nil
				})
			})
			if err != nil || reads != 2 || !slices.Equal(page.told, []string{"home", "source", "home", "source"}) {
				t.Errorf("read %d times, told %v: %v", reads, page.told, err)
			}
		})
	}
}
