package steps

import (
	"regexp"
	"strings"
)

// Glob tells whether an address matches a pattern as Playwright's waits have
// it: * stands for any text without a slash, ** for any text.
// See https://playwright.dev/docs/network#glob-url-patterns
func Glob(pattern string) func(url string) bool {
	var re strings.Builder
	re.WriteString("^")
	for rest := pattern; rest != ""; {
		switch {
		case strings.HasPrefix(rest, "**"):
			re.WriteString(".*")
			rest = strings.TrimLeft(rest, "*")
		case rest[0] == '*':
			re.WriteString("[^/]*")
			rest = rest[1:]
		default:
			end := strings.IndexByte(rest, '*')
			if end < 0 {
				end = len(rest)
			}
			re.WriteString(regexp.QuoteMeta(rest[:end]))
			rest = rest[end:]
		}
	}
	re.WriteString("$")
	return regexp.MustCompile(re.String()).MatchString
}
