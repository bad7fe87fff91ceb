package expr

import (
	"errors"
	"fmt"
	"strings"
	"sync"
	"time"

	"github.com/pquerna/otp"
	"github.com/pquerna/otp/totp"

	"pipe/specs/secret"
)

// typing is how long a one-time code must still hold when it is given, so that
// it does not run out while it is typed and sent.
const typing = 5 * time.Second

// EarlyError is an expression whose value can be had only after a wait: whoever
// evaluates it waits and evaluates again.
type EarlyError struct{ Wait time.Duration }

func (e *EarlyError) Error() string {
	return fmt.Sprintf("the next one-time code is due in %v", e.Wait.Round(time.Millisecond))
}

// codes gives the one-time codes of a spec, each of them once: a site that is
// wary refuses one that it has seen.
type codes struct {
	now     func() time.Time
	secrets *secret.Store

	mu   sync.Mutex
	last map[string]int64
}

func newCodes(secrets *secret.Store, now func() time.Time) *codes {
	if now == nil {
		now = time.Now
	}
	return &codes{now: now, secrets: secrets, last: map[string]int64{}}
}

// code gives the code of a seed: its base32 text, or the otpauth:// address of
// which such QR codes are made.
func (c *codes) code(seed string) (string, error) {
	key, period, opts, err := readSeed(seed)
	if err != nil {
		return "", err
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	now := c.now()
	counter := now.Unix() / period
	next := time.Unix((counter+1)*period, 0).Sub(now)
	if next < typing || c.last[key] >= counter {
		return "", &EarlyError{Wait: next}
	}
	code, err := totp.GenerateCodeCustom(key, now, opts)
	if err != nil {
		return "", errors.New("the secret is not base32, as sites show it beside their QR code")
	}
	c.last[key] = counter
	c.secrets.HideUntil("totp "+key, code, now.Add(2*time.Duration(period)*time.Second))
	return code, nil
}

func readSeed(seed string) (key string, period int64, opts totp.ValidateOpts, err error) {
	opts = totp.ValidateOpts{Period: 30, Digits: otp.DigitsSix, Algorithm: otp.AlgorithmSHA1}
	if !strings.HasPrefix(seed, "otpauth://") {
		return strings.ToUpper(strings.NewReplacer(" ", "", "-", "").Replace(seed)), 30, opts, nil
	}
	k, err := otp.NewKeyFromURL(seed)
	if err != nil || k.Type() != "totp" {
		// The cause would show the secret.
		return "", 0, opts, errors.New("the secret begins with otpauth:// and is no address of a time-based code")
	}
	opts.Period, opts.Digits, opts.Algorithm = uint(k.Period()), k.Digits(), k.Algorithm()
	return k.Secret(), int64(k.Period()), opts, nil //nolint:gosec // a period is seconds
}
