package expr

import (
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode"

	"golang.org/x/text/unicode/norm"
)

var (
	// eastern is a date as Chinese, Japanese and Korean write it.
	eastern = regexp.MustCompile(`^(\d{4})\s*[年년]\s*(\d{1,2})\s*[月월]\s*(\d{1,2})\s*[日号號일]?$`)
	// weekday is what may stand before or after it.
	weekday = regexp.MustCompile(`\s*(\(?[日月火水木金土一二三四五六]\)|(星期|周|週)[日天一二三四五六]|[日月火水木金土]曜日|\(?[일월화수목금토](요일)?\)?)$`)
	// ordinal is a number and what languages hang on to it.
	ordinal = regexp.MustCompile(`^(\d+)(?:er|re|e|ère|º|ª|°|st|nd|rd|th|-?го|η|ος)?$`)
	// numbered are months that are only counted, as in Vietnamese.
	numbered = regexp.MustCompile(`(?:tháng|thg)\s+(\d{1,2})`)
)

// fillers are words of dates that say nothing.
var fillers = strings.Fields("de del d d' gada of the le el la di den der dem am an on dne a o r rok roku г года год р рік року ngày năm m ko")

// plainDate gives a date's text with plain digits and spaces.
func plainDate(text string) string {
	text = strings.Map(func(r rune) rune {
		switch {
		case unicode.IsDigit(r) && r > unicode.MaxASCII:
			return '0' + digit(r)
		case unicode.Is(unicode.Cf, r):
			return -1
		}
		return r
	}, norm.NFKC.String(text))
	return strings.Join(strings.Fields(text), " ")
}

// digit gives the value of a digit: those of a script follow one another.
func digit(r rune) rune {
	zero := r
	for zero > 0 && r-zero < 9 && unicode.IsDigit(zero-1) {
		zero--
	}
	return (r - zero) % 10
}

// namedDate reads a date that cannot be misread: a day, the name of a month in
// the language of the locale, and a year of four digits, in any order.
func namedDate(text, locale string) (time.Time, bool) {
	text = christian(plainDate(text), locale)
	if m := eastern.FindStringSubmatch(weekday.ReplaceAllString(text, "")); m != nil {
		return dayOf(figure(m[1]), time.Month(figure(m[2])), figure(m[3]))
	}
	names := wordsOf(locale)
	text = numbered.ReplaceAllStringFunc(strings.ToLower(text), func(found string) string { return strings.ReplaceAll(found, " ", "\u00a0") })
	var day, year int
	var month time.Month
	doubtful := false // as mar. is March and Tuesday
	for _, word := range strings.FieldsFunc(text, func(r rune) bool { return r == ' ' || r == ',' || r == '/' || r == '-' || r == '،' }) {
		word = strings.ReplaceAll(bare(word), "\u00a0", " ")
		found, is := names.month(word)
		n := ordinal.FindStringSubmatch(word)
		switch {
		case n != nil && len(n[1]) == 4 && year == 0:
			year = figure(n[1])
		case n != nil && len(n[1]) <= 2 && day == 0:
			day = figure(n[1])
		case is && (month == 0 || doubtful):
			month, doubtful = found, names.days[word]
		case word == "" || names.days[word] || slices.Contains(fillers, word):
		default:
			return time.Time{}, false
		}
	}
	return dayOf(year, month, day)
}

// buddhist is how far the years of Thailand are ahead.
const buddhist = 543

var fourDigits = regexp.MustCompile(`\b\d{4}\b`)

// christian gives a text with the years of a locale's own calendar as those of the
// one that all else is in.
func christian(text, locale string) string {
	if languageOf(locale) != "th" {
		return text
	}
	return fourDigits.ReplaceAllStringFunc(text, func(year string) string {
		if n := figure(year); n > buddhist*4 {
			return strconv.Itoa(n - buddhist)
		}
		return year
	})
}

func figure(digits string) int {
	n, err := strconv.Atoi(digits)
	if err != nil {
		return 0
	}
	return n
}

// dayOf gives a day, if there is such.
func dayOf(year int, month time.Month, day int) (time.Time, bool) {
	at := time.Date(year, month, day, 0, 0, 0, 0, time.UTC)
	return at, year > 0 && month > 0 && day > 0 && at.Month() == month && at.Day() == day
}

// ParseDate reads a date in a layout of Go's, "" for 2006-01-02. The names in it
// are those of a locale's language, or English; without a layout, or with one
// that spells the month, a day, a month's name and a year are told in any order.
func ParseDate(text, layout, locale string) (time.Time, bool) {
	plain := christian(plainDate(text), locale)
	formal := layout
	if formal == "" {
		formal = time.DateOnly
	}
	for _, one := range []string{plain, inEnglish(plain, layout, locale)} {
		if at, err := time.Parse(formal, one); err == nil {
			return at, true
		}
	}
	if layout != "" && (!strings.Contains(layout, "Jan") || strings.Contains(layout, "04")) {
		return time.Time{}, false
	}
	return namedDate(text, locale)
}

// inEnglish puts the English name of a month in place of a locale's, as a layout
// has it, and takes off what hangs on to numbers.
func inEnglish(text, layout, locale string) string {
	if !strings.Contains(layout, "Jan") && !strings.Contains(layout, "Mon") {
		return text
	}
	form := "Jan"
	if strings.Contains(layout, "January") {
		form = "January"
	}
	names := wordsOf(locale)
	all := strings.Fields(text)
	spelt := -1
	for i, word := range all { // as mar. is March and Tuesday, the first that is a month alone
		if _, is := names.month(bare(strings.TrimRight(word, ","))); is && (spelt < 0 || names.days[bare(strings.TrimRight(all[spelt], ","))]) {
			spelt = i
		}
	}
	for i, word := range all {
		name := strings.TrimRight(word, ",")
		if m, _ := names.month(bare(name)); i == spelt {
			all[i] = time.Date(2000, m, 1, 0, 0, 0, 0, time.UTC).Format(form) + word[len(name):]
		} else if ordinal.MatchString(strings.ToLower(name)) {
			all[i] = ordinal.ReplaceAllString(strings.ToLower(name), "$1") + word[len(name):]
		}
	}
	return strings.Join(all, " ")
}
