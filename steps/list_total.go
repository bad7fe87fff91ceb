package steps

import (
	"errors"
	"regexp"
	"strconv"
	"strings"
)

// listTotal is what a text such as "1–25 of 39" says.
type listTotal struct {
	total int
	// first and last are the rows of this page, 0 where they are not said.
	first, last int
}

// wholeNumber is a number, with its digits in groups or not, as 1.234 or 1 234.
var wholeNumber = regexp.MustCompile(`\d{1,3}(?:[.,'’٬\x{a0}\x{2009}\x{202f} ]\d{2,3})*[.,'’٬\x{a0}\x{2009}\x{202f} ]\d{3}\b|\d+`)

var (
	// rangeMark stands between the first and the last row of a page.
	rangeMark = regexp.MustCompile(`(?i)^\s*(?:[-‐‑–—−~～〜]|\.{2,3}|…|to|bis|à|a|al|até|t/m|tot|till?|do|through|thru|から|至|到)\s*$`)
	// ofMark stands between a part and the whole.
	ofMark = regexp.MustCompile(`(?i)^\s*(?:/|of|von|de|sur|di|van|av|af|z|ze|из|of\s+total|out\s+of)\s*$`)
	// pageWord makes the numbers behind it those of pages.
	pageWord = regexp.MustCompile(`(?i)\b(?:page|pages|seite|página|pagina|pág|sida|side|strona|str|стр)\b`)
	// aboutWord stands before a number that is none exactly.
	aboutWord = regexp.MustCompile(`(?i)(?:\b(?:about|approx|approximately|around|circa|ca|etwa|ungefähr|environ|over|more than|mehr als|über|plus de|más de)\b\.?|[~≈>])\s*$`)
)

var (
	errNoTotal    = errors.New("it tells no number of rows")
	errTotals     = errors.New("it tells several numbers: have match find the one, such as (\\d+) rows")
	errAboutTotal = errors.New("it tells no exact number of rows")
)

// parseTotal finds the number of a list's rows in a text.
func parseTotal(text string) (listTotal, error) {
	text = latinDigits(text)
	var numbers []int
	at := wholeNumber.FindAllStringIndex(text, -1)
	for _, place := range at {
		digits := strings.Map(func(r rune) rune {
			if r < '0' || r > '9' {
				return -1
			}
			return r
		}, text[place[0]:place[1]])
		n, err := strconv.Atoi(digits)
		if err != nil {
			return listTotal{}, errNoTotal
		}
		numbers = append(numbers, n)
	}
	between := func(i int) string { return text[at[i][1]:at[i+1][0]] }
	exact := func(t listTotal, i int) (listTotal, error) {
		if strings.HasPrefix(strings.TrimSpace(text[at[i][1]:]), "+") || aboutWord.MatchString(text[:at[i][0]]) {
			return t, errAboutTotal
		}
		t.total = numbers[i]
		return t, nil
	}
	for i := range max(0, len(numbers)-1) {
		if !rangeMark.MatchString(between(i)) || numbers[i] > numbers[i+1] {
			continue
		}
		t := listTotal{first: numbers[i], last: numbers[i+1]}
		switch {
		case i+2 < len(numbers):
			return exact(t, i+2)
		case i > 0:
			return exact(t, i-1)
		default:
			return t, errNoTotal
		}
	}
	switch {
	case len(numbers) == 0:
		return listTotal{}, errNoTotal
	case len(numbers) == 1 && !pageWord.MatchString(text):
		return exact(listTotal{}, 0)
	case len(numbers) == 2 && ofMark.MatchString(between(0)) && numbers[0] <= numbers[1] && !pageWord.MatchString(text):
		return exact(listTotal{}, 1)
	default:
		return listTotal{}, errTotals
	}
}

// latinDigits writes the digits of other scripts as ours.
func latinDigits(text string) string {
	return strings.Map(func(r rune) rune {
		for _, zero := range []rune{'٠', '۰', '०', '０'} {
			if r >= zero && r <= zero+9 {
				return '0' + r - zero
			}
		}
		return r
	}, text)
}
