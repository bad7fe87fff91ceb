package app

import (
	"io"

	"pipe/specs/secret"
)

// redacted takes the secrets out of all that is written through it, line by
// line as the loggers write.
type redacted struct {
	to      io.Writer
	secrets *secret.Store
}

func (w redacted) Write(p []byte) (int, error) {
	if _, err := io.WriteString(w.to, w.secrets.Redact(string(p))); err != nil {
		return 0, err
	}
	return len(p), nil
}

// RedactTo gives a writer that takes the secrets out of what it hands on.
func RedactTo(to io.Writer, secrets *secret.Store) io.Writer { return redacted{to, secrets} }
