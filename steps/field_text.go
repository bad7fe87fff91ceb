package steps

import (
	"regexp"
	"slices"
	"strings"
	"unicode"
)

// sameText tells whether a field holds what was put into it, be it as the field writes
// it: in capitals, with signs between letters and digits that a mask has put there,
// with a country's code before a telephone number. Letters and digits are the same
// ones, in the same order, and a number is the same number.
func sameText(want, got string) bool {
	want, got = spaced(want), spaced(got)
	if want == got || strings.EqualFold(want, got) {
		return true
	}
	if want == "" || got == "" {
		return false
	}
	// A number with zeros before it is a name, of which each digit counts.
	name := len(want) > 1 && want[0] == '0' && separators(want) == 0
	if numbers := readings(want); len(numbers) > 0 && !name {
		its := readings(got)
		if slices.ContainsFunc(its, func(n string) bool { return slices.Contains(numbers, n) }) {
			return true
		}
		if separators(want) > 0 || strings.HasPrefix(got, "-") {
			return false
		}
	}
	bareWant, bareGot := bare(want), bare(got)
	if bareWant == "" {
		return false
	}
	if separators(want) > 0 && separators(got) == 0 && !isSeparatedNumber(want) {
		return false // the field has dropped what tells A-1 from A1
	}
	return bareWant == bareGot || samePhone(want, bareWant, got, bareGot) || separators(want) > 0 && slices.Equal(groups(want), groups(got))
}

// spaced is a text with its white space as a field of one line may have it.
func spaced(text string) string { return strings.Join(strings.Fields(text), " ") }

// bare is a text's letters and digits alone.
func bare(text string) string {
	return strings.Map(func(r rune) rune {
		if unicode.IsLetter(r) || unicode.IsDigit(r) || unicode.IsMark(r) {
			return unicode.ToLower(r)
		}
		return -1
	}, text)
}

// separators counts the signs that are neither letters, digits nor white space.
func separators(text string) (n int) {
	for _, r := range text {
		if !unicode.IsLetter(r) && !unicode.IsDigit(r) && !unicode.IsMark(r) && !unicode.IsSpace(r) {
			n++
		}
	}
	return n
}

// isSeparatedNumber tells of digits with two signs between them at least, as those of
// dates and telephone numbers: a field may keep the digits alone.
func isSeparatedNumber(text string) bool {
	return separators(text) > 1 && !strings.HasPrefix(text, "-") && !strings.ContainsFunc(text, unicode.IsLetter)
}

// samePhone tells whether a mask has put a country's code before a number.
func samePhone(want, bareWant, got, bareGot string) bool {
	code, found := strings.CutSuffix(bareGot, bareWant)
	return found && strings.HasPrefix(got, "+") && !strings.HasPrefix(want, "+") && len(code) <= 3 && len(bareWant) >= 6 &&
		!strings.ContainsFunc(bareGot, unicode.IsLetter)
}

// groups are a text's runs of letters and of digits, these without zeros before them:
// 1.2.2024 is 01/02/2024.
func groups(text string) []string {
	all := strings.FieldsFunc(strings.ToLower(text), func(r rune) bool { return !unicode.IsLetter(r) && !unicode.IsDigit(r) })
	for i, one := range all {
		if !strings.ContainsFunc(one, unicode.IsLetter) {
			all[i] = strings.TrimLeft(one, "0")
		}
	}
	return all
}

var (
	// currency is what a field may write about a number.
	currency = regexp.MustCompile(`^\p{Sc}\s*|\s*\p{Sc}$|\s*%$|^[A-Z]{3}\s|\s[A-Z]{3}$`)
	// decimals are the numbers whose decimal sign is the point; grouped the ones that
	// have a sign between thousands.
	decimals = regexp.MustCompile(`^-?\d*(\.\d+)?$`)
	grouped  = regexp.MustCompile(`^-?\d{1,3}([,.'’ ]\d{3})+$`)
)

// readings are the numbers that a text may stand for, as one writes them, in whichever
// of point and comma is its decimal sign; none for what is no number.
func readings(text string) (all []string) {
	text = strings.NewReplacer("−", "-", "\u00a0", " ", "\u202f", " ").Replace(strings.TrimSpace(text))
	sign := ""
	if rest, negative := strings.CutPrefix(text, "-"); negative {
		sign, text = "-", strings.TrimSpace(rest)
	}
	text = currency.ReplaceAllString(text, "")
	if rest, negative := strings.CutPrefix(text, "-"); negative && sign == "" {
		sign, text = "-", rest
	}
	add := func(number string) {
		if n := sign + plainNumber(number); decimals.MatchString(number) && number != "" && !slices.Contains(all, n) {
			all = append(all, n)
		}
	}
	if grouped.MatchString(text) {
		add(bare(text))
	}
	for _, point := range []string{".", ","} {
		whole, fraction, has := cutLast(text, point)
		if strings.Contains(whole, point) || has && fraction == "" {
			continue
		}
		if grouped.MatchString(whole) {
			whole = bare(whole)
		}
		if has {
			whole += "." + fraction
		}
		add(whole)
	}
	return all
}

// cutLast cuts a text about the last of a sign.
func cutLast(text, sign string) (before, after string, found bool) {
	i := strings.LastIndex(text, sign)
	if i < 0 {
		return text, "", false
	}
	return text[:i], text[i+len(sign):], true
}

// plainNumber leaves out the zeros that say nothing.
func plainNumber(n string) string {
	whole, fraction, _ := strings.Cut(n, ".")
	whole, fraction = strings.TrimLeft(whole, "0"), strings.TrimRight(fraction, "0")
	if whole == "" {
		whole = "0"
	}
	if fraction == "" {
		return whole
	}
	return whole + "." + fraction
}

// fitsPattern tells whether a text is what a pattern says, in which * stands for
// anything.
func fitsPattern(pattern, text string) bool {
	parts := strings.Split(spaced(pattern), "*")
	for i, part := range parts {
		parts[i] = regexp.QuoteMeta(part)
	}
	is, err := regexp.MatchString(`(?s)^`+strings.Join(parts, ".*")+`$`, spaced(text))
	return err == nil && is
}
