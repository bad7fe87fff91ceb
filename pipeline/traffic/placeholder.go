package traffic

import (
	"encoding/base32"
	"fmt"
	"iter"
	"maps"
	"math/rand/v2"
	"net/url"
	"strconv"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"github.com/pquerna/otp"
	"github.com/pquerna/otp/totp"
)

const (
	// leastSeed is how many characters the secret of one-time codes has at least.
	leastSeed = 16
	// word is what a placeholder begins with.
	word     = "placeholder"
	mailSign = "@example.com"
)

func mapsKeys[V any](m map[string]V) iter.Seq[string] { return maps.Keys(m) }

// placeholder is what stands for the nth secret: of its kind where a page or the spec would
// not take another, and of a length that tells nothing of it.
func placeholder(n int, value string) string {
	if u, err := url.Parse(value); err == nil && u.Host != "" && u.Scheme != "otpauth" {
		if u.Scheme == "http" || u.Scheme == "https" {
			return u.Scheme + "://" + u.Host // the site's, which is all over the recording
		}
		return u.Scheme + "://" + word + ".invalid"
	}
	if _, opts, ok := seedOf(value); ok {
		if !strings.HasPrefix(value, "otpauth://") {
			return placeholderSeed(n)
		}
		of := url.Values{"secret": {placeholderSeed(n)}, "digits": {opts.Digits.String()}, "period": {strconv.FormatUint(uint64(opts.Period), 10)}}
		of.Set("algorithm", opts.Algorithm.String())
		return "otpauth://totp/" + word + "?" + of.Encode()
	}
	name := fmt.Sprintf(word+"-%02d", n)
	if at := strings.LastIndex(value, "@"); at > 0 && strings.Contains(value[at:], ".") {
		return name + mailSign
	}
	return name
}

// placeholderSeed is a secret of one-time codes.
func placeholderSeed(n int) string {
	seed := []byte(strings.ToUpper(strings.Repeat(word, 3))[:32])
	for i := len(seed) - 1; n > 0; i, n = i-1, n/26 {
		seed[i] = byte('A' + n%26)
	}
	return string(seed)
}

// placeholderToken is what stands for the nth cookie or token of the site's.
func placeholderToken(n int) string { return fmt.Sprintf(word+"-token-%04d", n) }

// alike is another value of the same length and kind of characters.
func alike(value string) string {
	for {
		other := strings.Map(func(r rune) rune {
			switch {
			case r >= '0' && r <= '9':
				return '0' + rand.Int32N(10) //nolint:gosec // nothing can be told from it
			case r >= 'a' && r <= 'z':
				return 'a' + rand.Int32N(26) //nolint:gosec // nothing can be told from it
			case r >= 'A' && r <= 'Z':
				return 'A' + rand.Int32N(26) //nolint:gosec // nothing can be told from it
			case unicode.IsLetter(r):
				return letterAsLong(r)
			default:
				return r
			}
		}, value)
		if other != value || !strings.ContainsFunc(value, func(r rune) bool { return unicode.IsLetter(r) || r >= '0' && r <= '9' }) {
			return other
		}
	}
}

// letterAsLong is a letter that takes as many bytes.
func letterAsLong(r rune) rune {
	switch utf8.RuneLen(r) {
	case 2:
		return 'ø'
	case 3:
		return '々'
	default:
		return r
	}
}

// seedOf reads a secret of which one-time codes are made.
func seedOf(value string) (key string, opts totp.ValidateOpts, ok bool) {
	opts = totp.ValidateOpts{Period: 30, Digits: otp.DigitsSix, Algorithm: otp.AlgorithmSHA1}
	if strings.HasPrefix(value, "otpauth://") {
		k, err := otp.NewKeyFromURL(value)
		if err != nil || k.Type() != "totp" {
			return "", opts, false
		}
		opts.Period, opts.Digits, opts.Algorithm = uint(k.Period()), k.Digits(), k.Algorithm()
		return k.Secret(), opts, true
	}
	key = strings.ToUpper(strings.NewReplacer(" ", "", "-", "").Replace(value))
	if len(key) < leastSeed {
		return "", opts, false
	}
	_, err := base32.StdEncoding.WithPadding(base32.NoPadding).DecodeString(strings.TrimRight(key, "="))
	return key, opts, err == nil
}

// Codes are the one-time codes that may have been made of secrets in a time.
func Codes(secrets map[string]string, from, to time.Time) []string {
	var all []string
	for _, value := range secrets {
		key, opts, ok := seedOf(value)
		if !ok || opts.Period == 0 {
			continue
		}
		step := time.Duration(opts.Period) * time.Second //nolint:gosec // a period is seconds
		for at := from.Add(-step); !at.After(to.Add(step)); at = at.Add(step) {
			if code, err := totp.GenerateCodeCustom(key, at, opts); err == nil {
				all = append(all, code)
			}
		}
	}
	return all
}

// codeReplacer replaces one-time codes by as many zeros.
func codeReplacer(codes []string) *strings.Replacer {
	var pairs []string
	for _, code := range codes {
		pairs = append(pairs, code, strings.Repeat("0", len(code)))
	}
	return strings.NewReplacer(pairs...)
}

// SameCodes makes the codes of a test comparable with those of its recording.
func SameCodes(codes []string) func(string) string { return codeReplacer(codes).Replace }
