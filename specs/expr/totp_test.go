package expr_test

import (
	"errors"
	"strings"
	"testing"
	"time"

	"pipe/specs"
	"pipe/specs/expr"
	"pipe/specs/secret"
)

// rfcSeed is the secret of RFC 6238's test vectors, in base32.
const rfcSeed = "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ"

func codeSpec(t *testing.T, seed string, now *time.Time) (*specs.Spec, *secret.Store) {
	t.Helper()
	secrets := secret.New(func(name string) (string, bool) { return seed, name == "SEED" })
	spec, err := specs.Parse("x.yaml", []byte("name: x\nkey: a\nsource: {csv: x.csv}\nbase_url: \"${{ totp(secret.SEED) }}\"\n"),
		specs.Options{Secrets: secrets, Now: func() time.Time { return *now }})
	if err != nil {
		t.Fatal(err)
	}
	return spec, secrets
}

// A code is the one of the RFC, is given once, holds while it is typed, and is
// taken out of texts.
func TestTOTP(t *testing.T) {
	for _, seed := range []string{rfcSeed, strings.ToLower(rfcSeed[:4] + " " + rfcSeed[4:]), "otpauth://totp/site:me?secret=" + rfcSeed + "&issuer=site"} {
		now := time.Unix(1111111109, 0) // 1 s before the period's end
		spec, secrets := codeSpec(t, seed, &now)
		var early *expr.EarlyError
		if _, err := spec.BaseURL.Text(spec.Values); !errors.As(err, &early) || early.Wait != time.Second {
			t.Fatalf("a code that runs out in a second: %v", err)
		}
		now = now.Add(early.Wait)
		code, err := spec.BaseURL.Text(spec.Values)
		if err != nil || code != "050471" { // 1111111110 to 1111111139: 14050471
			t.Errorf("got %q, %v, want 050471", code, err)
		}
		if _, err := spec.BaseURL.Text(spec.Values); !errors.As(err, &early) || early.Wait != 30*time.Second {
			t.Errorf("the same code a second time: %v", err)
		}
		secrets.HideUntil("totp "+rfcSeed, code, time.Now().Add(time.Minute))
		if got := secrets.Redact("sent " + code); got != "sent ***" {
			t.Errorf("the code is told: %q", got)
		}
	}
}

func TestTOTPBadSecret(t *testing.T) {
	for _, seed := range []string{"not base32!", "otpauth://hotp/x?secret=" + rfcSeed} {
		now := time.Unix(1111111111, 0)
		spec, _ := codeSpec(t, seed, &now)
		_, err := spec.BaseURL.Text(spec.Values)
		if err == nil || strings.Contains(err.Error(), seed) {
			t.Errorf("%v", err)
		}
	}
}
