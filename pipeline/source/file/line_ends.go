package file

import "golang.org/x/text/transform"

// lineEnds makes \n of all line ends: of \r\n, and of \r alone, as old programs
// and some mainframes have it.
type lineEnds struct{ transform.NopResetter }

// Transform implements [transform.Transformer].
func (lineEnds) Transform(dst, src []byte, atEOF bool) (nDst, nSrc int, err error) {
	for nSrc < len(src) {
		b, size := src[nSrc], 1
		if b == '\r' {
			for nSrc+size < len(src) && src[nSrc+size] == '\r' {
				size++ // one that was converted twice
			}
			if nSrc+size == len(src) && !atEOF && size < 16 {
				return nDst, nSrc, transform.ErrShortSrc
			}
			if nSrc+size < len(src) && src[nSrc+size] == '\n' {
				size++
			} else {
				size = 1
			}
			b = '\n'
		}
		if nDst == len(dst) {
			return nDst, nSrc, transform.ErrShortDst
		}
		dst[nDst] = b
		nDst++
		nSrc += size
	}
	return nDst, nSrc, nil
}
