package app

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/url"
	"strings"

	"pipe/pipeline/engine"
	"pipe/pipeline/inspect"
	"pipe/pipeline/orderedjson"
	"pipe/pipeline/preview"
	"pipe/pipeline/report/console"
	"pipe/specs"
	"pipe/specs/secret"
	"pipe/steps"
)

// InspectOptions are what `pipe inspect` takes.
type InspectOptions struct {
	SpecOptions
	At, Item string
	// Pick has things picked in the window, in the place of a look at all that there is.
	Pick           bool
	Headed, AsJSON bool
}

// inspected is what `pipe inspect --json` tells.
type inspected struct {
	// Spec is the spec's name, "" for an address.
	Spec string `json:"spec,omitempty"`
	At   string `json:"at,omitempty"`
	// Item is the key of the item whose steps were gone.
	Item string `json:"item,omitempty"`
	// Left is the step before which it ended, as it may change something on the site.
	Left string `json:"left,omitempty"`
	// Failed says what went wrong on the way; the page is what that has left.
	Failed string        `json:"failed,omitempty"`
	Page   *inspect.Page `json:"page"`
}

// isAddress tells an address from a spec's path.
func isAddress(what string) bool {
	return strings.HasPrefix(what, "http://") || strings.HasPrefix(what, "https://")
}

// loadPlace reads the spec of a path, or makes one of an address.
func (r SpecOptions) loadPlace(what string) (*specs.Spec, *secret.Store, error) {
	if !isAddress(what) {
		return r.Load(what)
	}
	if strings.Contains(what, "${{") {
		return nil, nil, Exit(ExitSpec, errors.New("an address holds no expressions"))
	}
	opts, secrets, err := r.options()
	if err != nil {
		return nil, nil, err
	}
	u, err := url.Parse(what)
	if err != nil || u.Host == "" {
		return nil, nil, Exit(ExitSpec, fmt.Errorf("%q is no address", what))
	}
	text := fmt.Sprintf("name: inspect\nbase_url: %q\nkey: ${{ item.key }}\nsource: {items: [{key: page}]}\nnavigate: {home: %q}\n", u.Scheme+"://"+u.Host, u.String())
	spec, err := specs.Parse("address.yaml", []byte(text), opts)
	if err != nil {
		return nil, secrets, Exit(ExitSpec, err)
	}
	return spec, secrets, nil
}

// Inspect is `pipe inspect`.
func Inspect(ctx context.Context, what string, f InspectOptions, std Std) error {
	spec, secrets, err := f.loadPlace(what)
	if err != nil {
		return RedactError(err, secrets)
	}
	if err := preview.CheckVisit(spec, f.At); err != nil {
		return Exit(ExitSpec, fmt.Errorf("--at: %w", err))
	}
	spec.Browser.Headed = f.Headed || f.Pick
	p := &picker{InspectOptions: f, secrets: secrets, std: std}
	login := &failedLogin{redact: secrets.Redact}
	err = untilInterrupted(ctx, func(ctx context.Context) error {
		return f.opened(ctx, spec, secrets, login, std, func(cfg engine.Config) error {
			if f.Pick {
				return p.run(ctx, cfg)
			}
			return f.inspect(ctx, cfg, isAddress(what), secrets, login, std)
		})
	})
	if p.begun.Load() && CodeOf(err) == ExitInterrupted {
		return nil
	}
	return RedactError(err, secrets)
}

// opened opens the browser for a spec. It logs in once.
func (f InspectOptions) opened(ctx context.Context, spec *specs.Spec, secrets *secret.Store, login *failedLogin, std Std, do func(engine.Config) error) (err error) {
	own, err := OutFolder("", spec)
	if err != nil {
		return err
	}
	s, err := openWatchedSandbox(ctx, visited(spec, f.At), secrets, "", own, std.Err, sandboxHooks{loginFailed: login.look})
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, s.close(ctx)) }()
	cfg := s.config()
	cfg.Spec = spec
	return do(cfg)
}

// inspect goes to the place and prints what there is.
func (f InspectOptions) inspect(ctx context.Context, cfg engine.Config, address bool, secrets *secret.Store, login *failedLogin, std Std) error {
	seen, err := visit(ctx, cfg, f.At, f.Item, stepPrinter(redacted{std.Err, secrets}), nil)
	if err = login.shown(&seen, cfg.Spec, err); err != nil {
		return err
	}
	if !address {
		seen.Spec = cfg.Spec.Name
	}
	if err = f.print(seen, secrets, std); err == nil && seen.Failed != "" {
		fmt.Fprintln(std.Err, seen.Failed)
		err = Exit(login.code(), nil)
	}
	return err
}

// visited is the spec as its pages are to be opened for a visit: for one to a step of the
// login they are not logged in.
func visited(spec *specs.Spec, at string) *specs.Spec {
	if !preview.VisitsLogin(spec, at) {
		return spec
	}
	guest := *spec
	guest.Login = nil
	return &guest
}

// visit goes to a place and tells what there is; more, if set, does something more there.
func visit(ctx context.Context, cfg engine.Config, at, key string, report func(preview.StepReport), more func(context.Context, *steps.StepContext) error) (inspected, error) {
	seen := inspected{At: at}
	v := preview.Visit{At: at, Key: key, Look: func(ctx context.Context, on *steps.StepContext) (err error) {
		if seen.Page, err = inspect.Look(ctx, on.Page, cfg.Redact); err == nil && more != nil {
			err = more(ctx, on)
		}
		return err
	}}
	result, err := v.Run(ctx, cfg, report)
	var none *preview.NoItemError
	if errors.As(err, &none) {
		err = Exit(ExitSpec, err)
	}
	seen.Item, seen.Left = cfg.Redact(result.Item), result.Left
	if result.Fault != nil {
		seen.Failed = faultText(*result.Fault, cfg.Redact)
	}
	return seen, err
}

// print tells what there is.
func (f InspectOptions) print(seen inspected, secrets *secret.Store, std Std) error {
	if f.AsJSON {
		text, err := json.MarshalIndent(seen, "", "  ")
		if err != nil {
			return Exit(ExitEnvironment, fmt.Errorf("writing JSON: %w", err))
		}
		return WriteOutput(std, "", append(orderedjson.Quiet([]byte(secrets.Redact(string(text)))), '\n'))
	}
	return WriteOutput(std, "", []byte(secrets.Redact(console.CleanLines(seen.text()))))
}

// text is what there is as YAML.
func (i inspected) text() string {
	head := ""
	for _, line := range [][2]string{
		{i.Spec, "spec"}, {i.At, "at"}, {i.Item, "item"}, {i.Left, "ended before, as it may change something on the site"},
	} {
		if line[0] != "" {
			head += fmt.Sprintf("# %s: %s\n", line[1], console.Clean(line[0]))
		}
	}
	if i.Page == nil {
		return head
	}
	return head + i.Page.Text()
}
