package expr_test

import (
	"fmt"
	"reflect"
	"slices"
	"strings"
	"testing"
	"time"

	"pipe/specs"
	"pipe/specs/expr"
	"pipe/specs/internal/spectest"
)

// evaluate gives an expression's value on an afternoon in November.
func evaluate(code string) (any, error) {
	opts := spectest.Options()
	opts.Now = func() time.Time { return time.Date(2026, 11, 25, 14, 30, 0, 0, time.UTC) }
	src := spectest.Head + "vars:\n  it: |-\n    ${{ " + code + " }}\n"
	spec, err := specs.Parse("x.yaml", []byte(src), opts)
	if err != nil {
		return nil, err
	}
	return spec.Values["vars"].(map[string]any)["it"], nil
}

// What the documentation says that an expression gives, it gives.
func TestFunctionExamples(t *testing.T) {
	all := slices.Concat(expr.Functions(), expr.LanguageExamples())
	for _, f := range all {
		got, err := evaluate(f.Example)
		if err != nil {
			t.Errorf("%s: %v", f.Use, err)
			continue
		}
		want, err := evaluate(f.Gives)
		if err != nil || !reflect.DeepEqual(got, want) {
			t.Errorf("%s: %s gives %#v, and not %s, %v", f.Use, f.Example, got, f.Gives, err)
		}
		if f.Doc == "" || f.Name != "" && (!strings.HasPrefix(f.Use, f.Name+"(") || !strings.Contains(f.Example, f.Name+"(")) {
			t.Errorf("%+v", f)
		}
	}
	names := expr.LanguageFunctions()
	for _, f := range expr.LanguageExamples() {
		if f.Name != "" && !slices.Contains(names, f.Name) {
			t.Errorf("the language has no %s", f.Name)
		}
	}
	if slices.Contains(names, "date") || !slices.Contains(names, "trimPrefix") || !slices.Contains(expr.FunctionNames(), "date") {
		t.Error(names)
	}
}

func TestFunctionValues(t *testing.T) {
	for code, want := range map[string]any{
		`slug("  Ärger & Söhne -- GmbH  ")`: "arger-and-sohne-gmbh",
		`slug(42 > 1 ? "" : "x")`:           "",
		`digits("none")`:                    "",
		`title("ÉCOLE de paris")`:           "École De Paris",
		`pad("é", 3, " ")`:                  "  é",
		`pad("long", 2)`:                    "long",
		`match("abc", "x")`:                 "",
		`match("2026-11-25", "^(?P<year>[0-9]{4})-(?P<month>..)", "month")`: "11",
		`match("a.b", "[.]b$")`:                          ".b",
		`number("1,234.5")`:                              1234.5,
		`number("7") + 1`:                                8.0,
		`money("(1,200.10)")`:                            -1200.1,
		`money("US$ 19,990")`:                            19990.0,
		`money("1.500", ".")`:                            1.5,
		`date("2026-12-31T18:30:00+02:00").UTC().Hour()`: 16,
		`format(date("12/31/26 06:05 PM", "MM/DD/YY hh:mm A"), "HH.mm")`:                                          "18.05",
		`format(date("Dec 3, 2026", "MMM D, YYYY"), "DDDD, D.M.YY")`:                                              "Thursday, 3.12.26",
		`format(date("3 Dec 2026", "2 Jan 2006"), "2006")`:                                                        "2026",
		`format(date("2026-07-01 12:00", "YYYY-MM-DD HH:mm", "America/New_York"), "YYYY-MM-DDTHH:mm:ssZ", "UTC")`: "2026-07-01T16:00:00Z",
		`format(addDays(date("2026-03-28 12:00", "YYYY-MM-DD HH:mm", "Europe/Berlin"), 1), "HH:mm Z")`:            "12:00 +02:00",
		`string(len(json('[1, {"a": null}]')))`:                                                                   "2",
		`json("3") + 1`:                                                                                           4.0,
		`now("Europe/Berlin").Hour()`:                                                                             15,
		`now() - now() == duration("0s")`:                                                                         true,
		`"due " + format(now("UTC"), "YYYYMMDD")`:                                                                 "due 20261125",
		`sha256("")[0:6]`:                        "e3b0c4",
		`map(split("a b", " "), pad(#, 2, "."))`: []any{".a", ".b"},
		`env.NOT_SET ?? slug("A B")`:             "a-b",
	} {
		got, err := evaluate(code)
		if err != nil || !reflect.DeepEqual(got, want) {
			t.Errorf("%s gives %#v, %v; want %#v", code, got, err, want)
		}
	}
	// A date within a text is written as computers do.
	spec := spectest.Parse(t, spectest.Head+"vars: {a: \"on ${{ date('31.12.2026', 'DD.MM.YYYY', 'UTC') }}, ${{ date('2026-01-02T03:04:05Z') }}\"}\n", spectest.Options())
	if got := spec.Values["vars"].(map[string]any)["a"]; got != "on 2026-12-31, 2026-01-02T03:04:05Z" {
		t.Error(got)
	}
}

// What a call is wrong with is told in words of the language: at load what can be
// known then, and else when it is evaluated.
func TestFunctionFaults(t *testing.T) {
	for code, want := range map[string]string{
		`slug(5)`:                        `x.yaml:6:14: vars.it: slug takes a text here, not a whole number: slug(text)`,
		`slug("a", "b")`:                 `too many values to call slug with: slug(text)`,
		`pad("a")`:                       `not enough values to call pad with: pad(text, width[, with])`,
		`pad("a", "b")`:                  `x.yaml:6:18: vars.it: pad takes a whole number here, not a text`,
		`pad("a", 2, "b", "c")`:          `too many values to call pad with`,
		`pad("a", 2000)`:                 `pad: want a width of 1000 at most`,
		`slgu("a")`:                      `unknown name slgu (did you mean "slug"?)`,
		`repalce("a", "b", "c")`:         `unknown name repalce (did you mean "replace"?)`,
		`match("a", "(")`:                "x.yaml:6:20: vars.it: match: the pattern does not parse: missing closing ): `(`",
		`"a" matches "("`:                "missing closing )",
		`match("a", "(" + "b")`:          "match: the pattern does not parse: missing closing ): `(b`",
		`match("a", "b", 1)`:             `match: the pattern b has no group 1`,
		`match("a", "b", "c")`:           `match: the pattern b has no group c`,
		`date("1.1.2026", "DD.NN.YYYY")`: `x.yaml:6:26: vars.it: date: "N" is no part of a layout`,
		`date("1.1.2026", "dd.MM.YYYY")`: `"d" is no part of a layout`,
		`date("1/1/2026", "mm/DD/YYYY")`: `mm are minutes, and there are no hours: months are MM`,
		`date("1.1.2026", "DD.MM.YYYY")`: `date: "1.1.2026" is no date in the layout DD.MM.YYYY`,
		`date("tomorrow")`:               `date: "tomorrow" is no date such as 2026-12-31`,
		`now("Berlin")`:                  `x.yaml:6:13: vars.it: now: "Berlin" is no time zone`,
		`format("2026-01-01", "YYYY")`:   `format takes a date here, not a text: format(date, layout[, zone])`,
		`format(json("1"), "YYYY")`:      `format: want a date, as date(text) gives it`,
		`number("1,5", ";")`:             `number: what stands before decimals is "." or ","`,
		`number("much")`:                 `number: the text is "much", no number`,
		`money("call us")`:               `money: the text is "call us", no amount of money`,
		`json("{")`:                      `json: unexpected end of JSON input`,
		`totp("!")`:                      `totp: the secret is not base32`,
		`sha256(["a"])`:                  `sha256 takes a text here, not a list`,
		`now(1)`:                         `now takes a text here, not a whole number: now([zone])`,
		`addDays(now(), "1")`:            `addDays takes a whole number here, not a text`,
		`len(now())`:                     `invalid argument for len`,
	} {
		if got, err := evaluate(code); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: want %q, got %#v, %v", code, want, got, err)
		}
	}
}

// Functions of the same text give the same for every item, but for clocks.
func TestFunctionsInNames(t *testing.T) {
	for name, want := range map[string]bool{
		`slug("a")`: false, `pad(1, 4) + upper("x")`: false, `slug(item.a)`: true, `totp(secret.TOKEN)`: true, `format(now(), "YYYY")`: true, `format(date("2026-01-01"), "YYYY")`: false,
	} {
		src := fmt.Sprintf("name: x\nkey: ${{ item.a }}\nsource: {items: [{a: x}, {a: y}]}\ndownload:\n  - capture:\n      url: /x\n      as: ${{ %s }}.pdf\n", name)
		if _, err := specs.Parse("x.yaml", []byte(src), spectest.Options()); (err == nil) != want {
			t.Errorf("%s: %v", name, err)
		}
	}
}
