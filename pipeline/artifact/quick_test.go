package artifact

import (
	"math/rand/v2"
	"path/filepath"
	"strings"
	"testing"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"

	"pipe/specs"
)

// awkward are the pieces that names come from, beside any rune and any byte.
var awkward = []string{
	"..", ".", "/", "//", `\`, ":", "CON", "nul", "com1", "LPT³", "aux.txt", " ", "  ", "\u00a0", "\t", "\n", "\x00", "\x7f", "\xff", "\xc3",
	"\u200d", "\u200b", "\u202e", "e\u0301", "\u00e9", "\u0345", "ß", "ẞ", "İ", "ı", "ﬁ", "한", "\u1112\u1161\u11ab", "👩‍👩‍👧", "~", "_", ".pdf", ".tar.gz",
	"C:", "?", "*", "<", "|", `"`, "%2e%2e", "24K0173", "Å", "A\u030a", "\u212b", "\U0010ffff", "\ufffe", "\ufeff",
}

// arbitrary makes a name of whatever data may hold.
func arbitrary(r *rand.Rand) string {
	var b strings.Builder
	for range r.IntN(12) {
		switch r.IntN(6) {
		case 0:
			b.WriteRune(rune(r.IntN(utf8.MaxRune + 1)))
		case 1:
			b.WriteByte(byte(r.IntN(256)))
		case 2:
			b.WriteString(strings.Repeat(awkward[r.IntN(len(awkward))], 1+r.IntN(120)))
		default:
			b.WriteString(awkward[r.IntN(len(awkward))])
		}
	}
	return b.String()
}

// seeded is random in the same way each time.
func seeded(t *testing.T, seed uint64) *rand.Rand {
	t.Helper()
	return rand.New(rand.NewPCG(seed, 20261125))
}

// Any name that is taken is safe on every file system, and stays as it is.
func TestNameProperties(t *testing.T) {
	t.Parallel()
	r, taken := seeded(t, 1), 0
	for range 12_000 {
		in := arbitrary(r)
		name, err := safeName(in)
		if err != nil {
			continue
		}
		taken++
		if again, err := safeName(name); err != nil || again != name {
			t.Fatalf("%q gives %q, which gives %q, %v", in, name, again, err)
		}
		if why := unsafeName(name); why != "" {
			t.Fatalf("%q gives %q, which %s", in, name, why)
		}
		// The forms of Unicode in which file systems hand names back are one name.
		for _, form := range []norm.Form{norm.NFC, norm.NFD} {
			if specs.FoldName(form.String(name)) != specs.FoldName(name) {
				t.Fatalf("%q and its %v are two names", name, form)
			}
		}
		for _, other := range []string{strings.ToUpper(name), strings.ToLower(name), strings.ToTitle(name)} {
			if strings.EqualFold(other, name) && specs.FoldName(other) != specs.FoldName(name) {
				t.Fatalf("%q and %q are two names", name, other)
			}
		}
	}
	if taken < 1_200 {
		t.Errorf("only %d names were taken: the test has no teeth", taken)
	}
}

// unsafeName says what is wrong with a name by the rules of Windows, macOS and
// Linux, apart from how safeName goes about them.
func unsafeName(name string) string {
	switch {
	case !filepath.IsLocal(filepath.FromSlash(name)):
		return "leaves the folder"
	case len(name) > maxNameBytes:
		return "is too long"
	case !utf8.ValidString(name) || !norm.NFC.IsNormalString(name):
		return "is no normal UTF-8"
	case strings.ContainsAny(name, `<>:"|?*\`):
		return "has a reserved character"
	case strings.ContainsFunc(name, unicode.IsControl):
		return "has a control character"
	}
	for segment := range strings.SplitSeq(name, "/") {
		stem, _, _ := strings.Cut(segment, ".")
		device := strings.ToUpper(strings.TrimRight(stem, " "))
		switch {
		case segment == "":
			return "has a part without a name"
		case len(segment) > 255 || len(segment) > maxSegmentBytes:
			return "has a part that is too long"
		case strings.HasPrefix(segment, "."):
			return "has a hidden part"
		case strings.HasSuffix(segment, ".") || strings.HasSuffix(segment, " "):
			return "ends in what Windows drops"
		case device == "CON" || device == "PRN" || device == "AUX" || device == "NUL" || device == "CONIN$" || device == "CONOUT$":
			return "is a device"
		case len([]rune(device)) == 4 && (strings.HasPrefix(device, "COM") || strings.HasPrefix(device, "LPT")) &&
			strings.ContainsAny(device[3:], "0123456789¹²³"):
			return "is a port"
		}
	}
	return ""
}

// Long names that differ anywhere stay two names.
func TestLongNamesStayApart(t *testing.T) {
	t.Parallel()
	r, pairs := seeded(t, 2), 0
	for range 6_000 {
		base := []rune(strings.Repeat("x", 210) + strings.ToValidUTF8(arbitrary(r), "") + strings.Repeat("é", r.IntN(200)) + ".pdf")
		other := append([]rune(nil), base...)
		i := r.IntN(len(other) - 4)
		other[i] = []rune("aZ9:?é\u0301😀")[r.IntN(8)]
		if string(base) == string(other) || strings.ContainsRune(string(base), '/') {
			continue
		}
		a, errA := safeName(string(base))
		b, errB := safeName(string(other))
		if errA != nil || errB != nil {
			continue
		}
		pairs++
		if specs.FoldName(a) == specs.FoldName(b) {
			t.Fatalf("%q and %q both give %q", string(base), string(other), a)
		}
	}
	if pairs < 1_500 {
		t.Errorf("only %d pairs: the test has no teeth", pairs)
	}
}
