package artifact

import (
	"path/filepath"
	"strings"
	"testing"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"
)

func TestName(t *testing.T) {
	t.Parallel()
	long := strings.Repeat("ä", 150)
	for _, test := range []struct{ in, want string }{
		{"24K0173.pdf", "24K0173.pdf"},
		{"2024/ford/24K0173.pdf", "2024/ford/24K0173.pdf"},
		{"a b.c.pdf", "a b.c.pdf"},
		{`a\..\b.pdf`, "a_.._b.pdf"},
		{`C:\Windows\x.pdf`, "C__Windows_x.pdf"},
		{`<a>:"|?*.pdf`, "_a______.pdf"},
		{"a\x00b\tc\nd\x7f.pdf", "a_b_c_d_.pdf"},
		{"a\u202efdp.exe", "a_fdp.exe"},
		{"a\xffb.pdf", "a_b.pdf"},
		{".hidden.pdf", "_hidden.pdf"},
		{"...x.pdf", "_x.pdf"},
		{".cache/x.pdf", "_cache/x.pdf"},
		{"name. . ", "name"},
		{" name .pdf ", "name .pdf"},
		{"dir. /x", "dir/x"},
		{"CON", "CON_"},
		{"con.pdf", "con_.pdf"},
		{"Com1 .tar.gz", "Com1 _.tar.gz"},
		{"lpt³.x", "lpt³_.x"},
		{"COM10.pdf", "COM10.pdf"},
		{"console.pdf", "console.pdf"},
		{"aux/nul.txt", "aux_/nul_.txt"},
		{"Ko\u0308ln.pdf", "K\u00f6ln.pdf"},
		{"می\u200cخواهم.pdf", "می\u200cخواهم.pdf"},
		{long + ".pdf", strings.Repeat("ä", 89) + "~" + hash16(long+".pdf") + ".pdf"},
		{"x." + long, "x." + strings.Repeat("ä", 90) + "~" + hash16("x."+long)},
	} {
		got, err := safeName(test.in)
		if err != nil || got != test.want {
			t.Errorf("%q: got %q, %v, want %q", test.in, got, err, test.want)
		}
	}
}

func hash16(s string) string {
	short := shorten(strings.Repeat("x", 201), s)
	return short[len(short)-16:]
}

func TestNameKeepsLongNamesApart(t *testing.T) {
	t.Parallel()
	prefix := strings.Repeat("x", 300)
	a, errA := safeName(prefix + "1.pdf")
	b, errB := safeName(prefix + "2.pdf")
	if errA != nil || errB != nil || a == b || len(a) != 200 {
		t.Errorf("%q and %q, %v, %v", a, b, errA, errB)
	}
}

func TestNameRefuses(t *testing.T) {
	t.Parallel()
	for in, want := range map[string]string{
		"":                                "empty",
		"  ":                              "empty",
		"/etc/passwd":                     `starts with "/"`,
		"../x.pdf":                        "out of the output folder",
		"a/../../x.pdf":                   "out of the output folder",
		"a/..":                            "out of the output folder",
		"./x.pdf":                         "out of the output folder",
		"a//x.pdf":                        "no name",
		"a/":                              "no name",
		"...":                             "nothing is left",
		".. ":                             "nothing is left",
		"... /x.pdf":                      "nothing is left",
		".pdf":                            "before the extension",
		" .pdf":                           "before the extension",
		"a/.pdf":                          "before the extension",
		"???.pdf":                         "before the extension",
		strings.Repeat("abc/", 300):       "no name",
		strings.Repeat("abc/", 300) + "x": "more than 1000",
	} {
		if got, err := safeName(in); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%q: got %q, %v", in, got, err)
		}
	}
}

func FuzzName(f *testing.F) {
	for _, seed := range []string{
		"24K0173.pdf", "a/b/c.pdf", "../x", "CON.txt", "Ko\u0308ln", ".\u0301pdf", "a\\b:c", " . ", "\xff\xfe",
		strings.Repeat("é\u0301", 200) + ".pdf", "\u1100\u1161\u11a8", "nul .x/ com¹", "\u200d.x", "\xf9.P.", "\u2000\xef", "\xc2\xc2 ¹" + strings.Repeat("\xf0", 20) + "\u037e",
		"__." + strings.Repeat("a", 200) + ".b",
	} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, in string) {
		name, err := safeName(in)
		if err != nil {
			return
		}
		if again, err := safeName(name); err != nil || again != name {
			t.Errorf("%q gives %q, which gives %q, %v", in, name, again, err)
		}
		if !filepath.IsLocal(filepath.FromSlash(name)) || len(name) > 1000 ||
			!utf8.ValidString(name) || !norm.NFC.IsNormalString(name) || strings.ContainsAny(name, "\\:\x00\n<>\"|?*") {
			t.Errorf("%q gives the unsafe %q", in, name)
		}
		for segment := range strings.SplitSeq(name, "/") {
			if segment == "" || len(segment) > 200 || segment[0] == '.' ||
				strings.TrimSpace(segment) != segment || strings.HasSuffix(segment, ".") {
				t.Errorf("%q gives %q with the bad segment %q", in, name, segment)
			}
		}
	})
}
