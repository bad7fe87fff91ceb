package traffic

import (
	"encoding/base64"
	"regexp"
	"strings"
)

// encoded is what may be base64, of either alphabet.
var encoded = regexp.MustCompile(`[A-Za-z0-9+/_-]{8,}={0,2}`)

// inBase64 replaces within what is in base64, as a whole: what stands for a value has
// another length, by which all that follows it would be others' bytes, and its first and
// last signs are shared with its neighbours.
func (s *Scrubber) inBase64(text string) string {
	return encoded.ReplaceAllStringFunc(text, func(run string) string {
		if s.replacer.Replace(run) == run {
			return run // no form of any value
		}
		enc := base64.StdEncoding
		if strings.ContainsAny(run, "-_") {
			enc = base64.URLEncoding
		}
		if !strings.HasSuffix(run, "=") && len(run)%4 != 0 {
			enc = enc.WithPadding(base64.NoPadding)
		}
		plain, err := enc.DecodeString(run)
		if err != nil {
			return run
		}
		replaced := s.replacer.Replace(string(plain))
		if replaced == string(plain) {
			return run // it is the value itself that looks so
		}
		return enc.EncodeToString([]byte(replaced))
	})
}
