package expr

import (
	"fmt"
	"regexp"
	"strconv"
	"strings"

	"golang.org/x/text/language"
	"golang.org/x/text/message"
	"golang.org/x/text/number"
)

// ValueError is a value that is not what the spec says of it.
type ValueError struct {
	Reason string
	// Missing is true where there is none, though one is required: it may yet
	// come.
	Missing bool
}

func (e *ValueError) Error() string { return e.Reason }

var (
	// figures are digits, in groups or not, with a part after the point or not.
	figures = regexp.MustCompile(`^([+-]?)([1-9][0-9]{0,2}(?:[ .,'’][0-9]{3})+|[0-9]+)(?:([.,])([0-9]+))?$`)
	// currency is what stands before or after an amount.
	currency = regexp.MustCompile(`^(-?)\s*(?:\p{Sc}|[A-Z]{1,3}\p{Sc}|[A-Z]{3})\s*|\s*(?:\p{Sc}|[A-Z]{3})$`)
	// noCents is how some write that there are none.
	noCents = regexp.MustCompile(`[.,][-–—]{1,2}$`)
)

// Decimal reads a number as people write it: 1,234.50, 1.234,50, 1 234,50 or
// 1'234.50. Unless the spec names the point, one mark with three digits after
// it, as in 1,234, stands between groups; of a number a dot is the point.
func Decimal(text, kind, point string) (any, error) {
	what := map[string]string{"int": "no whole number", "number": "no number", "money": "no amount of money"}[kind]
	wrong := &ValueError{Reason: fmt.Sprintf("is %.80q, %s", text, what)}
	plain := plainFigures(text, kind)
	m := figures.FindStringSubmatch(plain)
	if m == nil {
		return nil, wrong
	}
	marks := strings.Map(keep(false), m[2])
	if i := strings.LastIndexAny(m[2], ".,"); i > 0 && i == len(m[2])-4 && m[3] == "" {
		mark := m[2][i : i+1]
		other := len(marks) > 1 && strings.Count(marks, mark) == 1
		if mark == point || point == "" && (other || marks == "." && kind == "number") {
			marks, m[2], m[3], m[4] = strings.TrimSuffix(marks, mark), m[2][:i], mark, m[2][i+1:]
		}
	}
	var group rune
	for _, mark := range marks {
		if group != 0 && mark != group || string(mark) == m[3] || string(mark) == point {
			return nil, wrong
		}
		group = mark
	}
	if point != "" && m[3] != "" && m[3] != point {
		return nil, wrong
	}
	v, err := strconv.ParseFloat(m[1]+strings.Map(keep(true), m[2])+"."+m[4]+"0", 64)
	if err != nil {
		return nil, wrong
	}
	return v, nil
}

// ambiguous is a number with one mark before three digits, which ends thousands
// or begins decimals.
var ambiguous = regexp.MustCompile(`^[+-]?[1-9][0-9]{0,2}[.,][0-9]{3}$`)

// Ambiguous tells whether a number can be read in two ways.
func Ambiguous(text, kind string) bool { return ambiguous.MatchString(plainFigures(text, kind)) }

// PointOf gives what stands before decimals in a locale, "" where that is not
// known.
func PointOf(locale string) string {
	tag, err := language.Parse(locale)
	if err != nil || locale == "" {
		return ""
	}
	half := message.NewPrinter(tag).Sprint(number.Decimal(0.5))
	if i := strings.IndexAny(half, ".,"); i >= 0 {
		return half[i : i+1]
	}
	return ""
}

// plainFigures takes out what printers put in, and the currency of an amount.
func plainFigures(text, kind string) string {
	plain := strings.NewReplacer("\u00a0", " ", "\u2009", " ", "\u202f", " ", "−", "-").Replace(text)
	if kind != "money" {
		return plain
	}
	if inner, ok := strings.CutPrefix(plain, "("); ok && strings.HasSuffix(inner, ")") {
		plain = "-" + strings.TrimSuffix(inner, ")") // as accountants write it
	}
	return noCents.ReplaceAllString(strings.TrimSpace(currency.ReplaceAllString(plain, "$1")), "")
}

// keep keeps digits, or all but digits.
func keep(digits bool) func(rune) rune {
	return func(r rune) rune {
		if (r >= '0' && r <= '9') != digits {
			return -1
		}
		return r
	}
}
