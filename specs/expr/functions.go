package expr

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"regexp"
	"slices"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"github.com/gosimple/slug"
	"golang.org/x/text/cases"
	"golang.org/x/text/language"
)

// Function is one that expressions have. Its type check, its documentation and
// what it does come from here.
type Function struct {
	// Name is its name, Use how it is called, what is in brackets may be left
	// out; Doc is a sentence.
	Name, Use, Doc string
	// Example is an expression, Gives what it gives.
	Example, Gives string
	// kind is a Go function whose type is that of the call, its last parameter
	// variadic where some may be left out; most is how many there are.
	kind any
	most int
	// literal checks a value that stands in the expression as a plain text.
	literal map[int]func(string) error
	call    func(c *codes, args []any) (any, error)
}

// Functions lists the functions of our own.
func Functions() []Function {
	return slices.Concat(textFunctions(), numberFunctions(), dateFunctions(), codeFunctions())
}

func textFunctions() []Function {
	return []Function{{
		Name: "slug", Use: "slug(text)", Doc: "the text in small letters, digits and dashes, for names and addresses",
		Example: `slug("Größe 42 / Crème brûlée")`, Gives: `"grosse-42-creme-brulee"`, kind: new(func(string) string), most: 1,
		call: func(_ *codes, args []any) (any, error) { return slug.Make(PlainText(args[0])), nil },
	}, {
		Name: "digits", Use: "digits(text)", Doc: "its digits alone",
		Example: `digits("+49 (30) 123-45")`, Gives: `"493012345"`, kind: new(func(string) string), most: 1,
		call: func(_ *codes, args []any) (any, error) { return strings.Map(keep(true), PlainText(args[0])), nil },
	}, {
		Name: "title", Use: "title(text)", Doc: "each word with a capital, and small letters after it",
		Example: `title("JOHN o'neil")`, Gives: `"John O'neil"`, kind: new(func(string) string), most: 1,
		call: func(_ *codes, args []any) (any, error) {
			return cases.Title(language.Und).String(PlainText(args[0])), nil
		},
	}, {
		Name: "pad", Use: "pad(text, width[, with])", Doc: "the text or number, filled from the left up to a width, with zeros or with another character",
		Example: `pad(42, 6)`, Gives: `"000042"`, kind: new(func(any, int, ...string) string), most: 3,
		call: pad,
	}, {
		Name: "match", Use: "match(text, pattern[, group])", Doc: "what a regular expression (RE2) finds in the text, or one of its groups, by number or name; an empty text when it finds nothing",
		Example: `match("Stock No. V-1042, used", "V-([0-9]+)", 1)`, Gives: `"1042"`, kind: new(func(string, string, ...any) string), most: 3,
		literal: map[int]func(string) error{1: checkPattern}, call: match,
	}, {
		Name: "raw", Use: "raw(text)", Doc: "the text as it is, in an address too, where values are escaped for their place: for what is itself a part of an address, as a path or a query",
		Example: `raw("a/b?c=d")`, Gives: `"a/b?c=d"`, kind: new(func(string) string), most: 1,
		call: func(_ *codes, args []any) (any, error) { return PlainText(args[0]), nil },
	}}
}

func numberFunctions() []Function {
	point := map[int]func(string) error{1: checkPoint}
	return []Function{{
		Name: "number", Use: "number(text[, point])", Doc: "the number that a person has written; point is what stands before its decimals, \".\" or \",\", where that is to be told",
		Example: `number("1.234,5", ",")`, Gives: `1234.5`, kind: new(func(string, ...string) float64), most: 2,
		literal: point, call: amount("number"),
	}, {
		Name: "money", Use: "money(text[, point])", Doc: "the amount, without its currency; 1.234 and 1,234 are thousands unless point says otherwise",
		Example: `money("1.234,50 €")`, Gives: `1234.5`, kind: new(func(string, ...string) float64), most: 2,
		literal: point, call: amount("money"),
	}}
}

func dateFunctions() []Function {
	layout := func(text string) error { _, err := Layout(text); return err }
	// Of a locale's date no layout is needed.
	dateLayout := func(text string) error {
		if text == "" {
			return nil
		}
		return layout(text)
	}
	zone := func(name string) error { _, err := zoneOf(name); return err }
	return []Function{{
		Name: "now", Use: "now([zone])", Doc: "the time, on the machine's clock or in a time zone",
		Example: `format(now("UTC"), "YYYY-MM-DD HH:mm")`, Gives: `"2026-11-25 14:30"`, kind: new(func(...string) time.Time), most: 1,
		literal: map[int]func(string) error{0: zone},
		call: func(c *codes, args []any) (any, error) {
			in, err := zoneOf(optional(args, 0))
			return c.now().In(in), err
		},
	}, {
		Name: "date", Use: "date(text[, layout[, zone[, locale]]])", Doc: "the date of a text; its layout is of YYYY, YY, MMMM, MMM, MM, M, DDDD, DDD, DD, D, HH, hh, h, mm, ss, A and Z, or Go's; without one the text is as computers write it. Without a zone it is the machine's own, unless the text has one. The names in it are English, or of the language of a locale such as de-DE",
		Example: `date("31/12/2026", "DD/MM/YYYY") > date("2026-12-30")`, Gives: `true`, kind: new(func(string, ...string) time.Time), most: 4,
		literal: map[int]func(string) error{1: dateLayout, 2: zone},
		call: func(_ *codes, args []any) (any, error) {
			return dateOf(PlainText(args[0]), optional(args, 1), optional(args, 2), optional(args, 3))
		},
	}, {
		Name: "format", Use: "format(date, layout[, zone])", Doc: "a date in a layout as date takes it",
		Example: `format(date("2026-12-31"), "D MMMM YYYY")`, Gives: `"31 December 2026"`, kind: new(func(time.Time, string, ...string) string), most: 3,
		literal: map[int]func(string) error{1: layout, 2: zone}, call: formatDate,
	}, {
		Name: "addDays", Use: "addDays(date, days)", Doc: "the date so many days later, or earlier",
		Example: `format(addDays(date("2026-12-31"), -31), "DD.MM.YYYY")`, Gives: `"30.11.2026"`, kind: new(func(time.Time, int) time.Time), most: 2,
		call: func(_ *codes, args []any) (any, error) {
			at, days, err := dateAnd(args)
			return at.AddDate(0, 0, days), err
		},
	}}
}

func codeFunctions() []Function {
	return []Function{{
		Name: "json", Use: "json(text)", Doc: "the value of a JSON text; toJSON(value) is the way back",
		Example: `json('{"cars": [{"vin": "W1"}]}').cars[0].vin`, Gives: `"W1"`, kind: new(func(string) any), most: 1,
		call: func(_ *codes, args []any) (any, error) {
			var v any
			return v, json.Unmarshal([]byte(PlainText(args[0])), &v)
		},
	}, {
		Name: "sha256", Use: "sha256(text)", Doc: "the SHA-256 of the text, in hexadecimal",
		Example: `sha256("pipe")[:8]`, Gives: `"40082947"`, kind: new(func(string) string), most: 1,
		call: func(_ *codes, args []any) (any, error) {
			sum := sha256.Sum256([]byte(PlainText(args[0])))
			return hex.EncodeToString(sum[:]), nil
		},
	}, {
		Name: "totp", Use: "totp(seed)", Doc: "the one-time code of a seed (base32, or an otpauth:// address): one that will not run out while it is typed, and each of them once",
		Example: `totp("JBSWY3DPEHPK3PXP")`, Gives: `"088699"`, kind: new(func(string) string), most: 1,
		call: func(c *codes, args []any) (any, error) { return c.code(PlainText(args[0])) },
	}}
}

// optional gives a text that may be left out.
func optional(args []any, i int) string {
	if i < len(args) {
		return PlainText(args[i])
	}
	return ""
}

// padMost bounds what a slip of the key can cost.
const padMost = 1000

func pad(_ *codes, args []any) (any, error) {
	text, with := PlainText(args[0]), "0"
	width, ok := args[1].(int)
	if len(args) > 2 {
		with = PlainText(args[2])
	}
	if !ok || width > padMost || utf8.RuneCountInString(with) != 1 {
		return nil, fmt.Errorf("want a width of %d at most and one character to fill with", padMost)
	}
	return strings.Repeat(with, max(0, width-utf8.RuneCountInString(text))) + text, nil
}

func match(_ *codes, args []any) (any, error) {
	re, err := regexp.Compile(PlainText(args[1]))
	if err != nil {
		return nil, checkPattern(PlainText(args[1]))
	}
	group := 0
	if len(args) > 2 {
		var ok bool
		if group, ok = args[2].(int); !ok {
			group = re.SubexpIndex(PlainText(args[2]))
		}
	}
	if group < 0 || group > re.NumSubexp() {
		return nil, fmt.Errorf("the pattern %s has no group %v", re, args[2])
	}
	found := re.FindStringSubmatch(PlainText(args[0]))
	if found == nil {
		return "", nil
	}
	return found[group], nil
}

func checkPattern(text string) error {
	if _, err := regexp.Compile(text); err != nil {
		return fmt.Errorf("the pattern does not parse: %s", strings.TrimPrefix(err.Error(), "error parsing regexp: "))
	}
	return nil
}

func checkPoint(text string) error {
	if text != "." && text != "," {
		return fmt.Errorf("what stands before decimals is \".\" or \",\", not %q", text)
	}
	return nil
}

func amount(kind string) func(*codes, []any) (any, error) {
	return func(_ *codes, args []any) (any, error) {
		point := optional(args, 1)
		if len(args) > 1 {
			if err := checkPoint(point); err != nil {
				return nil, err
			}
		}
		v, err := Decimal(strings.TrimFunc(PlainText(args[0]), unicode.IsSpace), kind, point)
		if err != nil {
			return nil, fmt.Errorf("the text %w", err)
		}
		return v, nil
	}
}

func formatDate(_ *codes, args []any) (any, error) {
	at, ok := args[0].(time.Time)
	if !ok {
		return nil, errNoDate
	}
	layout, err := Layout(PlainText(args[1]))
	if err != nil {
		return nil, err
	}
	if len(args) > 2 {
		in, err := zoneOf(PlainText(args[2]))
		if err != nil {
			return nil, err
		}
		at = at.In(in)
	}
	return at.Format(layout), nil
}

var errNoDate = errors.New("want a date, as date(text) gives it")

func dateAnd(args []any) (time.Time, int, error) {
	at, ok := args[0].(time.Time)
	n, whole := args[1].(int)
	if !ok || !whole {
		return at, n, errNoDate
	}
	return at, n, nil
}
