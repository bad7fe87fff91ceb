package specs_test

import (
	"errors"
	"fmt"
	"strings"
	"testing"

	"pipe/specs"
	"pipe/specs/document"
	"pipe/specs/internal/spectest"
)

// Vars come in any order, and may be overridden wherever they are used.
func TestVarsOfVars(t *testing.T) {
	src := spectest.Head + "vars:\n  url: https://${{ vars.host }}/${{ vars.path }}\n  host: ${{ vars.branch }}.example.com\n  branch: north\n  path: ${{ env.NOT_SET ?? \"list\" }}\n"
	for set, want := range map[string]string{"": "https://north.example.com/list", "south": "https://south.example.com/list"} {
		opts := spectest.Options()
		if set != "" {
			opts.Set = map[string]string{"branch": set}
		}
		spec := spectest.Parse(t, src, opts)
		if got := spec.Values["vars"].(map[string]any)["url"]; got != want {
			t.Errorf("got %v, want %s", got, want)
		}
	}
}

// Sections of a profile are laid over the spec's, and the result is checked with
// the places of both.
func TestProfile(t *testing.T) {
	src := spectest.Head + `vars: {branch: north, more: "${{ vars.branch }}!"}
base_url: https://example.com
pool: {pages: 3, pace: {delay: 2s, rate: 10/min}, block: [image, font]}
blocks: {open: {steps: [{goto: /live}]}}
download: [{use: open}]
record: {fields: {a: x, b: {text_of: "#b"}}, to: [a.csv]}
profiles:
  staging:
    base_url: https://staging.example.com
    vars: {branch: south}
    pool: {pace: {delay: 0s, rate: null}, block: [media]}
    blocks: {open: {steps: [{goto: /staging}]}}
    source: {csv: vehicles.csv}
    record: {fields: {b: y}}
    key: ${{ item.vin }}
`
	opts := spectest.Options()
	plain := spectest.Parse(t, src, opts)
	opts.Profile = "staging"
	spec := spectest.Parse(t, src, opts)
	if plain.Argument() != "x.yaml" || spec.Argument() != "x.yaml --profile staging" || plain.OutName() != "x" || spec.OutName() != "x@staging" || plain.Revision != spec.Revision {
		t.Errorf("the folders are %s and %s", plain.OutName(), spec.OutName())
	}
	got := fmt.Sprint(spec.BaseURL.Raw(), spec.Values["vars"], spec.Pool.Pages, spec.Pool.Block, spec.Pool.Pace.Delay, spec.Pool.Pace.Rate,
		goesTo(t, spec.Download.Steps, spec.Values), spec.Source.CSV.Path.Raw(), spec.Source.Items == nil, len(spec.Record.Fields), spec.Record.Fields[1].Read.OnPage())
	if want := "https://staging.example.commap[branch:south more:south!]3[media]0 0[/staging]vehicles.csvtrue2 false"; strings.ReplaceAll(got, " ", "") != strings.ReplaceAll(want, " ", "") {
		t.Errorf("got  %s\nwant %s", got, want)
	}
	if got := goesTo(t, plain.Download.Steps, plain.Values); got[0] != "/live" || plain.Pool.Pace.Rate == 0 {
		t.Error("the spec itself is not as it was")
	}
	opts.Profile = "stagin"
	_, err := specs.Parse("x.yaml", []byte(src), opts)
	if err == nil || !strings.Contains(err.Error(), `x.yaml:11:3: profiles: --profile stagin: the spec has no such profile (did you mean "staging"?)`) {
		t.Error(err)
	}
	if _, err = specs.Parse("x.yaml", []byte(spectest.Head), opts); err == nil || !strings.Contains(err.Error(), `profiles: --profile stagin: the spec has no such profile`) {
		t.Error(err)
	}
}

// What is wrong only with a profile has the profile's lines where it is to blame.
func TestProfileFaults(t *testing.T) {
	for profile, want := range map[string]string{
		`key: "${{ item.b }}"`:                                          `x.yaml:5:22: key: the source has no column "b"; it has item.a`,
		`vars: {token: "${{ secret.NONE }}"}`:                           `x.yaml:5:33: vars.token: secret NONE is not set`,
		`source: {items: [{b: "1"}]}`:                                   `x.yaml:2:15: key: the source has no column "a"; it has item.b`,
		`source: null`:                                                  `x.yaml:1:1: field "source" is missing`,
		`download: [{capture: {url: "/${{ x }}", as: a}}]`:              `x.yaml:5:40: download[0].capture.url: unknown name x`,
		`files: "${{ vars.nowhere }}"`:                                  `x.yaml:5:24: files: unknown field nowhere`,
		`login: {success: {visible: "#in"}}`:                            `x.yaml:5:14: login: field "steps" is missing`,
		`pool: {contexts: 1, contexts_per_account: 2}`:                  `pool: give one of contexts and contexts_per_account`,
		`retry: {attempts: 5}` + "\nfiles: all":                         `x.yaml:6:8: files: with the profile "p" the files would go to the same place as without`,
		`retry: {attempts: 5}` + "\nfiles: b/${{env.SITE}}":             "",
		`vars: {b: c}` + "\nfiles: b/${{vars.b}}\nvars: {b: d, c: d}":   "",
		`vars: {c: c}` + "\nfiles: b/${{vars.b}}\nvars: {b: d, c: d}":   `x.yaml:6:8: files: with the profile "p"`,
		`blocks: {a: {steps: [{goto: "${{ secret.TOKEN }}"}, {b: c}]}}`: `x.yaml:5:60: blocks.a.steps[1]: unknown step "b"`,
	} {
		inside, outside, _ := strings.Cut(profile, "\n")
		src := spectest.Head + "profiles:\n  p: {" + inside + "}\n" + outside + "\n"
		opts := spectest.Options()
		if _, err := specs.Parse("x.yaml", []byte(src), opts); err != nil {
			t.Errorf("%s: without the profile it has faults:\n%v", inside, err)
		}
		opts.Profile = "p"
		_, err := specs.Parse("x.yaml", []byte(src), opts)
		if want == "" && err != nil || want != "" && (err == nil || !strings.Contains(err.Error(), want)) {
			t.Errorf("%s: want %q, got:\n%v", profile, want, err)
		}
		var faults document.Faults
		if err != nil && !errors.As(err, &faults) {
			t.Error(err)
		}
	}
}
