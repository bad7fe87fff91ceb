package app

import (
	"maps"
	"regexp"
	"runtime"
	"slices"
	"strings"
	"unicode"

	"pipe/specs"
)

// plainWord is what every shell takes as it is.
var plainWord = regexp.MustCompile(`^[A-Za-z0-9_@+:./][A-Za-z0-9_@+:./-]*$`)

// shellWord makes a text one word of a command line, for the shells of the system;
// ok is false where none of them can be given it safely.
func shellWord(text string) (word string, ok bool) { return shellWordFor(runtime.GOOS, text) }

func shellWordFor(system, text string) (string, bool) {
	odd := func(r rune) bool { return unicode.IsControl(r) || !unicode.IsPrint(r) }
	switch {
	case plainWord.MatchString(text):
		return text, true
	case strings.ContainsFunc(text, odd):
		return "", false
	case system != "windows":
		return "'" + strings.ReplaceAll(text, "'", `'\''`) + "'", true
	case strings.ContainsAny(text, "\"%!^$`“”„‘’") || strings.HasSuffix(text, `\`):
		return "", false // cmd and PowerShell read these each in a way of its own
	default:
		return `"` + text + `"`, true
	}
}

// words are a spec and its output folder as they are named on a command line, with all
// that it was read with.
func (r SpecOptions) words(spec *specs.Spec, dir string) string {
	return r.specWords(spec) + outWords(spec, dir)
}

// specWords are the spec alone, with all that it was read with.
func (r SpecOptions) specWords(spec *specs.Spec) string {
	words := shellWordOr(spec.File, "SPEC")
	if spec.Profile != "" {
		words += " --profile " + shellWordOr(spec.Profile, "PROFILE")
	}
	if r.Secrets != "" {
		words += " --secrets " + shellWordOr(r.Secrets, "FILE")
	}
	for _, name := range slices.Sorted(maps.Keys(r.Set)) {
		words += " --set " + setWord(name, r.Set[name])
	}
	return words
}

// outWords are the output folder, where it is not the spec's own.
func outWords(spec *specs.Spec, dir string) string {
	if own, err := OutFolder("", spec); err == nil && dir == own {
		return ""
	}
	return " --out " + shellWordOr(relative(dir), "FOLDER")
}

// setWord is a var and its value. The flag reads a pair as CSV if there is more than
// one = in it, and takes the quotes off its ends if there is not.
func setWord(name, value string) string {
	pair, unknown := name+"="+value, name+"=VALUE"
	switch {
	case strings.Contains(value, "="):
		pair = `"` + strings.ReplaceAll(pair, `"`, `""`) + `"`
	case strings.HasSuffix(value, `"`):
		return unknown
	}
	return shellWordOr(pair, unknown)
}

func shellWordOr(text, other string) string {
	if word, ok := shellWord(text); ok {
		return word
	}
	return other
}

// keyWords are the flags that name items, as --again=KEY, and how many keys no command
// line can hold. Each key is a flag of its own, as the flag's list is CSV.
func keyWords(flag string, keys []string) (flags string, left int) {
	for _, key := range keys {
		value := key
		if strings.ContainsAny(key, ",\"") {
			value = `"` + strings.ReplaceAll(key, `"`, `""`) + `"`
		}
		if word, ok := shellWord(value); ok {
			flags += " --" + flag + "=" + word
		} else {
			left++
		}
	}
	return flags, left
}
