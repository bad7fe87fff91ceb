package practice

import "math/rand/v2"

// The characters of a VIN, which has no I, O or Q.
const vinChars = "0123456789ABCDEFGHJKLMNPRSTUVWXYZ"

// yearCodes are the tenth characters of the model years from 2010 on.
const yearCodes = "ABCDEFGHJKLMNPRSTVWXY123456789"

// checkPosition is where a VIN has its check digit.
const checkPosition = 8

// newVIN makes a VIN of 17 characters with the right check digit.
func newVIN(rng *rand.Rand, wmi string, year int) string {
	b := make([]byte, 0, 17)
	b = append(b, wmi...)
	for len(b) < checkPosition {
		b = append(b, vinChars[rng.IntN(len(vinChars))])
	}
	b = append(b, '0', yearCodes[(year-2010)%len(yearCodes)], vinChars[10+rng.IntN(23)])
	for len(b) < 17 {
		b = append(b, byte('0'+rng.IntN(10)))
	}
	b[checkPosition] = vinCheck(string(b))
	return string(b)
}

// vinCheck works out the check digit (49 CFR 565): the characters' values,
// each times the weight of its place, modulo 11, where 10 is written X.
func vinCheck(vin string) byte {
	const weights = "\x08\x07\x06\x05\x04\x03\x02\x0a\x00\x09\x08\x07\x06\x05\x04\x03\x02"
	sum := 0
	for i := range len(vin) {
		sum += vinValue(vin[i]) * int(weights[i])
	}
	if sum %= 11; sum == 10 {
		return 'X'
	}
	return byte('0' + sum)
}

// vinValue follows the rows of the old punched-card code: A–I are 1–9, J–R
// 1–9, and S–Z 2–9.
func vinValue(c byte) int {
	switch {
	case c >= '0' && c <= '9':
		return int(c - '0')
	case c >= 'A' && c <= 'I':
		return int(c-'A') + 1
	case c >= 'J' && c <= 'R':
		return int(c-'J') + 1
	default:
		return int(c-'S') + 2
	}
}
