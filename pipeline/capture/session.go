package capture

import "context"

// Session is the login under which a page works, by its number; 0 is where there
// is none.
type Session interface {
	// Login is the one under which the page was lent.
	Login() int64
	// Holds tells whether a login is the newest, and is not lost.
	Holds(login int64) bool
	// Lose tells all who work under a login that it is gone.
	Lose(login int64)
	// LostAt tells whether an address shows that the session is gone, LostBy
	// whether a status at an address does.
	LostAt(url string) bool
	LostBy(status int, url string) bool
	// ReadsPages tells whether what a page says can show it, and LostIn whether a
	// page that came in a file's place does.
	ReadsPages() bool
	LostIn(page []byte) bool
	// CertificateFault asks beside the browser whether the certificate at an address
	// is not taken; nil where it is, or cannot be known.
	CertificateFault(ctx context.Context, at string) error
}
