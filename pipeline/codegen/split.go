package codegen

import (
	"fmt"
	"net/url"
	"slices"
	"strings"
)

// parts are the actions by the sections of the spec that they are for.
type parts struct {
	// login is what led from a blank page to the logged-in one, landing the address of that.
	login   []Action
	landing string
	// export made the site give its list: the last of it brings the file.
	export []Action
	// home is where each item starts, item what was done for the first one.
	home string
	item []Action
	// second is the same for the second item, empty where one was done.
	second []Action
}

// split divides the actions.
func (w *writer) split(all []Action) (parts, error) {
	var p parts
	rest := all
	if end := loginEnd(all); end > 0 {
		p.login, rest = lastAttempt(all[:end]), all[end:]
		p.landing = all[end-1].Effect.Address
		if p.landing == "" && len(rest) > 0 && rest[0].Verb != "goto" {
			p.landing = rest[0].Address
		}
	}
	if len(rest) == 0 {
		return p, fmt.Errorf("nothing was done in the recording but to log in: there is no item and no file in it")
	}
	begin := w.itemBegin(rest)
	if shorter := w.withoutDetours(rest); len(shorter) < len(rest) {
		rest, begin = shorter, w.itemBegin(shorter)
	}
	before := w.withoutLeaving(rest[:begin])
	if w.rec.NoFiles {
		guessList(before)
	}
	end := lastIndex(before, bringsList)
	if end >= 0 {
		p.export, before = before[:end+1], before[end+1:]
	}
	p.item = w.withoutLeaving(rest[begin:])
	w.passes(&p)
	w.findHome(&p, before)
	return p, nil
}

// loginEnd is how many actions log in: up to what follows the password and what the site asks
// at once then; 0 for a site without a login.
func loginEnd(all []Action) int {
	secret := lastSecret(all)
	if secret < 0 {
		return 0
	}
	end := senderAfter(all, secret)
	for end < len(all) {
		again := secretAgain(all, end)
		switch {
		case again > end:
			end = again
		case consents(all[end]):
			end++
		case isCode(all[end]) && end+1 < len(all):
			end += 2
		default:
			return end
		}
	}
	return end
}

// lastSecret is the last of the first passwords in a row.
func lastSecret(all []Action) int {
	at := -1
	for i, a := range all {
		if a.Secret && editsField(a.Verb) {
			at = i
		} else if at >= 0 && !editsField(a.Verb) && a.Verb != "check" {
			break
		}
	}
	return at
}

// isCode tells whether an action types a code that holds once.
func isCode(a Action) bool {
	return a.Verb == "fill" && codeWords.MatchString(words(a)) && (codeValue.MatchString(a.Value) || a.Secret)
}

// itemBegin is the first action that has to do with an item.
func (w *writer) itemBegin(all []Action) int {
	if len(w.rec.Keys) == 0 {
		w.guessKey(all)
	}
	if len(w.rec.Keys) > 0 {
		key := variables{{w.rec.Keys[0], "key"}}
		for i, a := range all {
			if mentions(a, key) {
				return i
			}
		}
		w.lack("%q is in nothing that was done: say the item that was recorded, as it is on the site", w.rec.Keys[0])
	}
	for i, a := range all {
		if a.List != nil && a.List.Values != nil {
			return i
		}
	}
	if list := lastIndex(all, func(a Action) bool { return brings(a) && isList(a.Effect.File) }); list >= 0 && list+1 < len(all) {
		return list + 1
	}
	if goto1 := lastIndex(all, func(a Action) bool { return a.Verb == "goto" }); goto1 >= 0 && goto1+1 < len(all) {
		return goto1 + 1
	}
	return 0
}

// mentions tells whether an action has to do with an item of one of these keys.
func mentions(a Action, key variables) bool {
	if key.has(a.Value) || a.Verb == "goto" && key.inAddress(a.Value) != literal(a.Value) {
		return true
	}
	for _, l := range a.Locators {
		if key.hasIn(l) {
			return true
		}
	}
	if a.List != nil {
		for _, value := range a.List.Values {
			if key.has(value) && len(value) < 200 {
				return true
			}
		}
	}
	return a.Element != nil && a.Element.Row != "" && key.has(a.Element.Row) || key.inAddress(a.Address) != literal(a.Address)
}

// withoutLeaving leaves out logging out: a run keeps its login.
func (w *writer) withoutLeaving(all []Action) []Action {
	return slices.DeleteFunc(slices.Clone(all), func(a Action) bool {
		leaves := a.Verb == "click" && leaveWords.MatchString(words(a))
		if leaves {
			w.note("logging out is left out: the login is kept for all items")
		}
		return leaves
	})
}

// guessList takes the last click on something that is called as an export for what brought
// the list, where the recording cannot tell.
func guessList(before []Action) {
	if at := lastIndex(before, func(a Action) bool { return a.Verb == "click" && listWords.MatchString(words(a)) }); at >= 0 && before[at].Effect.File == nil {
		before[at].Effect.File = &File{}
	}
}

// passes divides what was done for items into the first one's and the second's, and leaves
// out what came after the files.
func (w *writer) passes(p *parts) {
	all := p.item
	if len(w.rec.Keys) > 1 {
		second := variables{{w.rec.Keys[1], "key"}}
		if at := slices.IndexFunc(all, func(a Action) bool { return mentions(a, second) }); at > 0 {
			p.item, p.second = all[:at], all[at:]
			if w.rec.NoFiles {
				guessFile(p.second)
			}
			p.second = untilFile(p.second)
		}
	}
	if w.rec.NoFiles && guessFile(p.item) {
		w.note("the file does not tell what brought the item's file: the last click is taken for it")
	}
	p.item = untilFile(p.item)
}

// guessFile takes the last click for what brought the file, where the recording cannot tell.
func guessFile(item []Action) bool {
	if slices.ContainsFunc(item, brings) {
		return false
	}
	at := lastIndex(item, func(a Action) bool { return a.Verb == "click" })
	if at >= 0 {
		item[at].Effect.File = &File{}
	}
	return at >= 0
}

// untilFile leaves out what came after the last file.
func untilFile(all []Action) []Action {
	if at := lastIndex(all, brings); at >= 0 {
		return all[:at+1]
	}
	return all
}

// findHome finds where each item starts: the page of the item's first action, or the last
// that was opened before. What was done on that page before the item stays, as a click on a
// heading that shows the form.
func (w *writer) findHome(p *parts, before []Action) {
	first := p.item[0]
	if first.Verb == "goto" {
		p.home = w.homeOfAddress(p, before)
		return
	}
	if w.isItems(first.Address) && (!brings(first) || first.List == nil) {
		// The address was typed.
		p.item = append([]Action{{Verb: "goto", Value: first.Address}}, p.item...)
		p.home = w.homeOfAddress(p, before)
		return
	}
	if first.Address != "" {
		p.home = first.Address
		at := len(before)
		for at > 0 && before[at-1].Address == first.Address && before[at-1].Effect.Address == "" && before[at-1].Verb != "goto" {
			at--
		}
		p.item = append(slices.Clone(before[at:]), p.item...)
		return
	}
	way := append(slices.Clone(p.export), before...)
	if at := lastIndex(way, func(a Action) bool { return a.Verb == "goto" }); at >= 0 {
		p.home, way = way[at].Value, way[at+1:]
	} else if p.home = p.landing; p.home == "" {
		p.home = w.base + "/"
		w.note("the recording does not tell on which page an item starts: %s is taken for it, see navigate.home", p.home)
	}
	way = slices.DeleteFunc(way, func(a Action) bool { return brings(a) || listWords.MatchString(words(a)) })
	p.item = append(way, p.item...)
}

// homeOfAddress is where an item starts whose page was opened by its address.
func (w *writer) homeOfAddress(p *parts, before []Action) string {
	if at := lastIndex(before, func(a Action) bool { return a.Verb == "goto" }); at >= 0 {
		return before[at].Value
	}
	if p.landing != "" {
		return p.landing
	}
	return w.base + "/"
}

func lastIndex(all []Action, is func(Action) bool) int {
	for i := len(all) - 1; i >= 0; i-- {
		if is(all[i]) {
			return i
		}
	}
	return -1
}

// pathOf is the path of an address, "/" where it has none.
func pathOf(address string) string {
	u, err := url.Parse(address)
	if err != nil || u.Path == "" {
		return "/"
	}
	return "/" + strings.Trim(u.Path, "/")
}
