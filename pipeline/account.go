package pipeline

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"maps"
	"slices"
	"strings"

	"pipe/specs"
	"pipe/specs/expr"
)

// namedBy are the fields that name an account, the first that it has.
var namedBy = []string{"name", "username", "user", "email"}

// Account is what is known of an account beside its fields.
type Account struct {
	// ID is the same in every run, and tells nothing: it names files.
	ID string
	// Name is its name, or "account 2" for one that has none or whose name is a
	// secret.
	Name string
	// Credentials are all that it logs in by, as one text that is kept nowhere.
	Credentials string
}

// Accounts lists the spec's accounts.
func Accounts(spec *specs.Spec) []Account {
	if spec.Login == nil {
		return nil
	}
	secrets, _ := spec.Values["secret"].(map[string]any)
	hidden := slices.Collect(maps.Values(secrets))
	var all []Account
	var names []string
	for i := range spec.Login.Accounts {
		fields, _ := AccountValues(spec, i)["account"].(map[string]any)
		a := Account{Name: fmt.Sprintf("account %d", i+1), Credentials: credentials(spec, fields)}
		id := a.Name
		for _, f := range namedBy {
			if name, _ := fields[f].(string); name != "" {
				id = name
				break
			}
		}
		if !holdsAny(id, hidden) {
			a.Name = id
		}
		if names = append(names, id); slices.Index(names, id) < i {
			id = fmt.Sprintf("%s\x00%d", id, i) // the same user in two accounts
		}
		sum := sha256.Sum256([]byte(id))
		a.ID = hex.EncodeToString(sum[:8])
		all = append(all, a)
	}
	return all
}

// holdsAny tells whether a text holds one of the values: what a secret is a part of is
// as little to be shown as the secret.
func holdsAny(text string, values []any) bool {
	return slices.ContainsFunc(values, func(v any) bool {
		secret, _ := v.(string)
		return secret != "" && strings.Contains(text, secret)
	})
}

// credentials are what a login by these fields may use, in an order of their own.
func credentials(spec *specs.Spec, fields map[string]any) string {
	return fmt.Sprintf("%q %q %q", spec.BaseURL.Raw(), fields, spec.Values["secret"])
}

// AccountNamed gives the index of the account that goes by this name, or an
// error that says who there is.
func AccountNamed(spec *specs.Spec, name string) (int, error) {
	if spec.Login != nil {
		for _, field := range namedBy {
			for i := range spec.Login.Accounts {
				fields, _ := AccountValues(spec, i)["account"].(map[string]any)
				if fields[field] == name {
					return i, nil
				}
			}
		}
	}
	var there []string
	for _, a := range Accounts(spec) {
		there = append(there, a.Name)
	}
	return 0, fmt.Errorf("no account goes by %q: login.accounts has %s, by name, username, user or email", name, strings.Join(there, ", "))
}

// AccountValues gives the values that an account's steps start from.
func AccountValues(spec *specs.Spec, account int) expr.Values {
	values := spec.Values.With("account", map[string]any{}).With("steps", map[string]any{})
	if spec.Login == nil || account >= len(spec.Login.Accounts) {
		return values
	}
	fields, err := spec.Login.Accounts[account].Values(spec.Values)
	if err != nil {
		return values // its expressions give the error where they are used
	}
	return values.With("account", fields)
}

// AccountError says that an item names an account that is not there.
type AccountError struct{ Err error }

func (e *AccountError) Error() string { return e.Err.Error() }

// Unwrap gives the cause.
func (e *AccountError) Unwrap() error { return e.Err }

// AnyAccount is the account of an item that any of them may fetch.
const AnyAccount = -1

// AccountOf gives the index of the account that an item is for, AnyAccount when
// the spec names none. The error is an *AccountError.
func AccountOf(spec *specs.Spec, item Item) (int, error) {
	if spec.Account.Empty() {
		return AnyAccount, nil
	}
	name, err := spec.Account.Text(spec.Values.With("item", item.Fields))
	if err != nil {
		return AnyAccount, &AccountError{fmt.Errorf("account: %w", err)}
	}
	if name == "" {
		return AnyAccount, nil
	}
	account, err := AccountNamed(spec, name)
	if err != nil {
		return AnyAccount, &AccountError{err}
	}
	return account, nil
}
