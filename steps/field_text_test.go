package steps

import "testing"

// What a mask writes is the same text as long as letters, digits and the number are.
func TestSameText(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		want, got string
		same      bool
	}{
		{"A-17", "A-17", true},
		{"a-17", "A-17", true},
		{" A-17 ", "A-17", true},
		{"5551234567", "(555) 123-4567", true},
		{"5551234567", "+1 (555) 123-4567", true},
		{"555-123-4567", "5551234567", true},
		{"15551234567", "(555) 123-4567", false},
		{"5551234567", "(555) 123-456", false},
		{"5551234567", "(555) 123-4568", false},
		{"4111111111111111", "4111 1111 1111 1111", true},
		{"DE89 3704 0044", "DE8937040044", true},
		{"1234567", "1,234,567", true},
		{"1234567", "1.234.567", true},
		{"1234567", "1'234'567", true},
		{"1234567", "1 234 567", true},
		{"1234", "1,234.00", true},
		{"1234", "€ 1.234,00", true},
		{"1234.5", "1,234.50", true},
		{"1234.5", "1.234,50", true},
		{"1234.5", "12345", false},
		{"12.50", "1250", false},
		{"12,50", "12.50", true},
		{"-5", "5", false},
		{"-5", "-5.00", true},
		{"5", "-5", false},
		{"0.5", ".5", true},
		{"007", "7", false},
		{"31.01.2024", "31/01/2024", true},
		{"1.2.2024", "01/02/2024", true},
		{"31/01/2024", "31012024", true},
		{"31/01/2024", "01/31/2024", false},
		{"2024-01-31", "2024-01-3", false},
		{"AB-12", "AB12", false},
		{"AB12", "AB-12", true},
		{"AB12", "AB 12", true},
		{"AB12", "AB1", false},
		{"AB12", "AB123", false},
		{"AB12", "", false},
		{"", "x", false},
		{"", "", true},
		{"--", "//", false},
		{"Müller", "müller", true},
		{"two\nlines", "two\r\nlines", true},
	} {
		if got := sameText(c.want, c.got); got != c.same {
			t.Errorf("%q in a field that holds %q: same is %v", c.want, c.got, got)
		}
	}
	for pattern, fits := range map[string]bool{"*": true, "+49 *": true, "+49 30 1": true, "+48*": false, "": false} {
		if fitsPattern(pattern, "+49 30 1") != fits {
			t.Errorf("%q: want %v", pattern, fits)
		}
	}
}
