package session

import (
	"context"
	"crypto/pbkdf2"
	"crypto/rand"
	"crypto/sha256"
	"crypto/subtle"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"time"

	"pipe/pipeline"
	"pipe/pipeline/atomicfile"
)

// wayOn is what to do about a refused login.
const wayOn = "change them, or try them anyway by `pipe login` or `pipe run --retry-refused`"

// refusal is a login that the site refused. Its credentials are kept as a slow
// salted hash alone: it tells only whether they have changed.
type refusal struct {
	Salt []byte    `json:"salt"`
	Hash []byte    `json:"hash"`
	Why  string    `json:"why"`
	At   time.Time `json:"at"`
}

// hashRounds makes a guess at the credentials slow.
const hashRounds = 600_000

func fingerprint(credentials string, salt []byte) ([]byte, error) {
	return pbkdf2.Key(sha256.New, credentials, salt, hashRounds, sha256.Size)
}

// readRefusals reads the refused logins by their account's id.
func (p *Pool) readRefusals() (map[string]refusal, error) {
	all := map[string]refusal{}
	text, err := os.ReadFile(p.opts.Refusals)
	if errors.Is(err, os.ErrNotExist) {
		return all, nil
	}
	if err == nil {
		err = json.Unmarshal(text, &all)
	}
	if err != nil {
		return nil, fmt.Errorf("reading the refused logins: %w", err)
	}
	return all, nil
}

// changeRefusals writes the refused logins anew.
func (p *Pool) changeRefusals(ctx context.Context, change func(map[string]refusal) error) {
	if p.opts.Refusals == "" {
		return
	}
	p.refusals.Lock()
	defer p.refusals.Unlock()
	all, err := p.readRefusals()
	if err != nil {
		all = map[string]refusal{}
	}
	before := len(all)
	if err = change(all); err == nil && (len(all) > 0 || before > 0) {
		err = writePrivate(p.opts.Refusals, all)
	}
	if err != nil {
		p.log.WarnContext(ctx, "a refused login could not be noted", "error", err)
	}
}

func writePrivate(path string, v any) error {
	if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
		return fmt.Errorf("noting a refused login: %w", err)
	}
	return atomicfile.WritePrivate(path, func(w io.Writer) error { return json.NewEncoder(w).Encode(v) })
}

func (p *Pool) noteRefusal(ctx context.Context, a *account, why error) {
	p.changeRefusals(ctx, func(all map[string]refusal) error {
		salt := make([]byte, 16)
		_, _ = rand.Read(salt) // it never fails
		hash, err := fingerprint(a.credentials, salt)
		// The site may repeat what was typed.
		all[a.id] = refusal{Salt: salt, Hash: hash, Why: p.opts.Redact(why.Error()), At: time.Now().UTC().Truncate(time.Second)}
		return err
	})
}

func (p *Pool) forgetRefusal(ctx context.Context, a *account) {
	if _, err := os.Stat(p.opts.Refusals); err != nil {
		return
	}
	p.changeRefusals(ctx, func(all map[string]refusal) error {
		delete(all, a.id)
		return nil
	})
}

// refusedBefore is the error of credentials that the site has refused, in another
// run.
func (p *Pool) refusedBefore(ctx context.Context, a *account) error {
	if p.opts.Refusals == "" || p.opts.TryRefused {
		return nil
	}
	all, err := p.readRefusals()
	if err != nil {
		p.log.WarnContext(ctx, "which logins were refused is not known", "error", err)
		return nil
	}
	was, ok := all[a.id]
	if !ok {
		return nil
	}
	hash, err := fingerprint(a.credentials, was.Salt)
	if err != nil || subtle.ConstantTimeCompare(hash, was.Hash) == 0 {
		return err
	}
	return &pipeline.RefusedError{Err: fmt.Errorf("the site refused the credentials of %s on %s, and they have not changed since: %s; it said: %s",
		a.name, was.At.Format(time.DateTime), wayOn, was.Why)}
}
