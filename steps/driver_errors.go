package steps

import (
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"net"
	"net/http"
	"regexp"
	"strings"
	"syscall"

	"github.com/playwright-community/playwright-go"
)

// This file alone knows the wording of the driver's errors. Playwright and the
// browsers behind it tell most failures apart by their text only: Chromium's
// net::ERR_* names are those of net/base/net_error_list.h, the others are
// Playwright's own messages. Where a new release words one otherwise, it is to
// be mended here.

// ErrTimeout is a wait that came to its limit.
var ErrTimeout = errors.New("nothing within the time-out")

// ErrClosed is a page, context or browser that is gone.
var ErrClosed = errors.New("the page is closed")

const (
	networkPrefix = "net::ERR_"
	// aborted is a navigation that the page itself, a download or an answer
	// without content has ended: it says nothing against the network.
	aborted = "ERR_ABORTED"
	// downloadStarts is what opening the address of a download fails with.
	downloadStarts = "Download is starting"
)

// navigations are the errors of a call whose document was replaced meanwhile.
var navigations = []string{
	"Execution context was destroyed", "frame was detached", "because of a navigation",
	"Inspected target navigated", "Cannot find default execution context", "Promise was collected", // the DevTools protocol's own
}

// noRoute is how browsers say that there is no way to the site at all, Chromium
// first, then the reasons of a failed request in the DevTools protocol
// (Network.ErrorReason). What strikes single requests, such as a reset, is not
// among it.
var noRoute = regexp.MustCompile(`net::ERR_(CONNECTION_(REFUSED|FAILED|TIMED_OUT)|NAME_NOT_RESOLVED|NAME_RESOLUTION_FAILED|` +
	`INTERNET_DISCONNECTED|ADDRESS_UNREACHABLE|NETWORK_\w+|PROXY_\w+|TUNNEL_\w+|SSL_\w+|CERT_\w+)|` +
	`\b(ConnectionRefused|ConnectionFailed|NameNotResolved|InternetDisconnected|AddressUnreachable)\b`)

// certificateFault is what browsers say of a certificate that they do not take.
var certificateFault = regexp.MustCompile(`net::ERR_(CERT_\w+|SSL_PINNED_KEY_NOT_IN_CERT_CHAIN|CERTIFICATE_TRANSPARENCY_REQUIRED)`)

// proxyFailure is what browsers say of a proxy that does not serve them.
var proxyFailure = regexp.MustCompile(`net::ERR_(PROXY|HTTPS_PROXY|TUNNEL|SOCKS|MANDATORY_PROXY)_`)

// IsNavigating tells an error that only says that the page has moved on.
func IsNavigating(err error) bool {
	for _, text := range navigations {
		if err != nil && strings.Contains(err.Error(), text) {
			return true
		}
	}
	return false
}

// frameElsewhere is what the DevTools protocol says of a frame that is within the
// page, and in another process than it.
const frameElsewhere = "does not belong to the target"

// IsFrameElsewhere tells whether a frame is in another process of its page.
func IsFrameElsewhere(err error) bool {
	return err != nil && strings.Contains(err.Error(), frameElsewhere)
}

// IsNetworkError tells an error of the browser's network, of whatever kind.
func IsNetworkError(err error) bool {
	return err != nil && strings.Contains(err.Error(), networkPrefix)
}

// IsSiteFault tells an error of the site or the network from a refusal, which
// is the account's.
func IsSiteFault(err error) bool {
	var status *StatusError
	if errors.As(err, &status) {
		return status.Status >= 500 || status.Status == http.StatusTooManyRequests
	}
	return IsNetworkError(err) && !strings.Contains(err.Error(), "net::"+aborted)
}

// IsNoRoute tells an error which says that there is no way to the site at all,
// be it a browser's or that of a request beside it.
func IsNoRoute(err error) bool {
	var dns *net.DNSError
	return err != nil && (errors.As(err, &dns) || errors.Is(err, syscall.ECONNREFUSED) || errors.Is(err, syscall.EHOSTUNREACH) ||
		errors.Is(err, syscall.ENETUNREACH) || noRoute.MatchString(err.Error()))
}

// isNotConnected tells that a request beside the browser has not been sent: there was no
// connection to send it by.
func isNotConnected(err error) bool {
	var dial *net.OpError
	var dns *net.DNSError
	return errors.As(err, &dns) || errors.As(err, &dial) && dial.Op == "dial"
}

// IsCertificateFault tells an error which says that the site's certificate is not
// taken: nobody who is trusted vouches for it, it is out of date or another site's. It
// is so however often the site is asked.
func IsCertificateFault(err error) bool {
	var refused *tls.CertificateVerificationError
	return err != nil && (errors.As(err, &refused) || certificateFault.MatchString(err.Error()))
}

// IsProxyFailure tells whether a request failed because its proxy does not serve.
func IsProxyFailure(err error) bool { return err != nil && proxyFailure.MatchString(err.Error()) }

// isDownloadStart tells whether a page was not opened because its address is
// that of a download.
func isDownloadStart(err error) bool {
	return strings.Contains(err.Error(), downloadStarts) || strings.Contains(err.Error(), aborted)
}

// driverError turns the many-lined error of a driver's call into one line that
// begins with what was tried, and into one of the errors above where it is one.
func driverError(ctx context.Context, what string, err error) error {
	switch {
	case err == nil:
		return nil
	case errors.Is(ctx.Err(), context.Canceled):
		return fmt.Errorf("%s: %w", what, context.Cause(ctx))
	case ofStaticPage(err):
		return fmt.Errorf("%s: %w", what, err)
	case isGone(err):
		return fmt.Errorf("%s: %w", what, ErrClosed)
	case errors.Is(err, playwright.ErrTimeout):
		return fmt.Errorf("%s: %w", what, ErrTimeout)
	case usageFault.MatchString(driverMessage(err)):
		return fmt.Errorf("%s: %w", what, &UsageError{driverMessage(err)})
	default:
		text := driverMessage(err)
		if several := strictMatches(err.Error()); several != "" {
			text += " " + several
		}
		return fmt.Errorf("%s: %s", what, text)
	}
}

// usageFault is how the driver says that it was asked for what makes no sense,
// whatever the page shows: a selector or a script that does not parse, a key that
// there is not, an element or a value that an action does not go with.
var usageFault = regexp.MustCompile(`while parsing (css )?selector|Unknown engine|[Mm]alformed (selector|value)|is not a valid (selector|XPath)|` +
	`Unknown key: |Cannot navigate to invalid URL|Element is not an? <|Input of type "\w+" cannot be filled|` +
	`Cannot type text into input|Not a checkbox or radio|^SyntaxError|: SyntaxError: `)

// UsageError is what the spec asks of the browser and makes no sense, which no other
// try changes.
type UsageError struct{ Reason string }

func (e *UsageError) Error() string { return e.Reason }

// unsent and unencoded are what Playwright's Go port says of a command that it could
// not send: the driver is gone, or the command itself cannot be written down.
const (
	unsent    = "could not send message"
	unencoded = "could not marshal"
)

// isGone tells an error of a driver's call which says that the page, its browser or
// the driver is gone.
func isGone(err error) bool {
	return errors.Is(err, playwright.ErrTargetClosed) || strings.Contains(err.Error(), unsent) && !strings.Contains(err.Error(), unencoded)
}

// driverMessage is the first line of a driver's error, without its prefix.
func driverMessage(err error) string {
	first, _, _ := strings.Cut(strings.TrimSpace(err.Error()), "\n")
	if _, after, found := strings.Cut(first, "playwright: "); found {
		return after
	}
	return first
}
