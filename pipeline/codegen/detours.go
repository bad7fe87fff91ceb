package codegen

import (
	"net/url"
	"slices"
	"strings"
)

// lastAttempt leaves of a login that was tried several times what it takes: each field once,
// with what was typed last, and what sent them at the end. An attempt that was refused left the
// page as it was, and its other fields filled.
func lastAttempt(login []Action) []Action {
	first := slices.IndexFunc(login, typesPassword)
	var kept []Action
	for i, a := range login {
		again := slices.ContainsFunc(login[i+1:], func(b Action) bool { return editsField(b.Verb) && sameTarget(a, b) })
		sends := a.Verb == "press" || a.Verb == "click" && !consents(a)
		refused := i > first && sends && !leadsOn(a) && slices.ContainsFunc(login[i+1:], typesPassword)
		if !refused && (!again || !editsField(a.Verb)) {
			kept = append(kept, a)
		}
	}
	return oneSender(kept)
}

// typesPassword tells whether an action types what is secret, and is no code that holds once.
func typesPassword(a Action) bool { return a.Secret && editsField(a.Verb) && !isCode(a) }

// leadsOn tells whether an action led to another page: one that refuses what was typed is the
// same again.
func leadsOn(a Action) bool {
	return a.Effect.Address != "" && pathOf(a.Effect.Address) != pathOf(a.Address)
}

// oneSender leaves of several clicks and keys in a row that send the same form the one that led
// on, or the last.
func oneSender(login []Action) []Action {
	secret := lastIndex(login, typesPassword)
	if secret < 0 {
		return login
	}
	var kept []Action
	for i, a := range login {
		next := i + 1
		if i > secret && a.Effect.none() && a.Verb == "press" && next < len(login) && login[next].Address == a.Address && !editsField(login[next].Verb) && !consents(login[next]) {
			continue
		}
		kept = append(kept, a)
	}
	return kept
}

// secretAgain gives the end of the login with those of its attempts that came after at, at for
// none: the password was typed once more into the same field.
func secretAgain(all []Action, at int) int {
	for i := at; i < len(all); i++ {
		if brings(all[i]) || all[i].List != nil {
			break
		}
		if typesPassword(all[i]) && slices.ContainsFunc(all[:at], func(a Action) bool { return typesPassword(a) && sameTarget(a, all[i]) }) {
			return senderAfter(all, i)
		}
	}
	return at
}

// senderAfter is the index behind the click or key that follows what was typed at an index.
func senderAfter(all []Action, typed int) int {
	end := typed + 1
	for end < len(all) && all[end].Verb != "click" && all[end].Verb != "press" {
		end++
	}
	return min(end+1, len(all))
}

// withoutDetours leaves out what led away from a page and back to it, and had nothing to do
// with the item: another row that was opened by mistake.
func (w *writer) withoutDetours(all []Action) []Action {
	if len(w.rec.Keys) == 0 {
		return all
	}
	key := variables{{w.rec.Keys[0], "key"}}
	for i := 0; i < len(all); i++ {
		from := all[i].Address
		if all[i].Effect.Address == "" || from == "" || all[i].Effect.Address == from {
			continue
		}
		for j := i + 1; j < len(all) && !slices.ContainsFunc(all[i:j+1], func(a Action) bool { return bringsList(a) || mentions(a, key) || a.Secret || a.Tab != all[i].Tab }); j++ {
			if all[j].Effect.Address == from {
				w.note("what led away from %s and back is left out", w.relative(from))
				all = slices.Delete(slices.Clone(all), i, j+1)
				i--
				break
			}
		}
	}
	return all
}

// byAddress has an item of a list of several pages opened by its address, where that has the
// item's key: its row may be on any of the pages.
func (w *writer) byAddress(list *List, p *parts) bool {
	at := slices.IndexFunc(p.item, func(a Action) bool { return a.List == list })
	if at < 0 || brings(p.item[at]) || p.item[at].Effect.Tab > 0 || p.item[at].Verb != "click" {
		return false
	}
	address := p.item[at].Effect.Address
	if !w.isItems(address) || list.Count < 2 && p.item[at].found {
		return false
	}
	open := Action{Verb: "goto", Value: address, Address: p.item[at].Address}
	p.item = slices.Concat(slices.DeleteFunc(slices.Clone(p.item[:at]), func(a Action) bool { return !consents(a) }), []Action{open}, p.item[at+1:])
	return true
}

// isItems tells whether an address is the item's own page: its key is in the path, the query or
// the fragment.
func (w *writer) isItems(address string) bool {
	u, err := url.Parse(address)
	if err != nil || address == "" || len(w.rec.Keys) == 0 {
		return false
	}
	key := variables{{w.rec.Keys[0], "key"}}
	return strings.Contains(key.inAddress(strings.TrimPrefix(address, u.Scheme+"://"+u.Host)), "${{ key }}")
}
