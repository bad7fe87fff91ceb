package app

import (
	"io"
	"strings"

	"pipe/pipeline/report/console"
	"pipe/specs/document"
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

// redactedError is an error whose text is free of secrets. What it wraps is for
// errors.As alone.
type redactedError struct {
	text string
	err  error
}

func (e *redactedError) Error() string { return e.text }

func (e *redactedError) Unwrap() error { return e.err }

// Plain is an error's text without what a terminal would obey: it may quote a site.
func Plain(err error) string { return console.CleanLines(err.Error()) }

// faultText shows a fault for a terminal. Further lines of its message, which may be a
// site's, stand further in.
func faultText(f document.Fault, redact func(string) string) string {
	f.Message = strings.ReplaceAll(f.Message, "\n", "\n    ")
	return console.CleanLines(redact(f.Render()))
}

// RedactError takes the secrets out of an error's text.
func RedactError(err error, secrets *secret.Store) error {
	if err == nil {
		return nil
	}
	return &redactedError{secrets.Redact(err.Error()), err}
}
