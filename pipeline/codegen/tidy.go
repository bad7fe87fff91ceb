package codegen

import (
	"cmp"
	"reflect"
	"regexp"
	"slices"
	"strings"

	"pipe/specs"
)

// tidy leaves out what a recording has twice or for nothing: clicks into fields that are
// filled next, texts that grow key by key, Tab keys, clicks on
// rows that do nothing, and opening the page that a click has led
// to already.
func tidy(all []Action) []Action {
	var kept []Action
	all = slices.Clone(all)
	for i, a := range all {
		if i+1 < len(all) {
			next := &all[i+1]
			switch {
			case a.Verb == "click" && editsField(next.Verb) && sameTarget(a, *next) && a.Effect.none():
				continue
			case a.Effect.Tab > 0 && !brings(a) && brings(*next) && next.Verb == a.Verb && sameTarget(a, *next):
				continue // the site had no file yet, and a run tries again by itself
			case (a.Verb == "fill" || a.Verb == "select") && next.Verb == a.Verb && sameTarget(a, *next):
				continue
			}
		}
		if a.Verb == "press" && (a.Value == "Tab" || a.Value == "Shift+Tab" || a.Value == "CapsLock") {
			continue
		}
		if n := len(kept); n > 0 && a.Verb == "goto" && a.Tab == kept[n-1].Tab && kept[n-1].Effect.Address != "" && kept[n-1].Effect.Address == a.Value {
			continue
		}
		kept = append(kept, a)
	}
	return filesOfTabs(kept)
}

// PointedAt leaves out clicks that show which list is meant before an address is opened: the
// row is that which the address is of, or else the one that was clicked last.
func PointedAt(all []Action) []Action {
	var kept, shown []Action
	for _, a := range all {
		if pointsAt(a) && (len(shown) == 0 || shown[0].Tab == a.Tab) {
			shown = append(shown, a)
			continue
		}
		if len(shown) > 0 && a.Verb == "goto" && a.Tab == shown[0].Tab {
			for _, s := range shown {
				a.List = cmp.Or(s.List.rowIn(a.Value), a.List)
			}
			a.List = cmp.Or(a.List, shown[len(shown)-1].List)
		} else {
			kept = append(kept, shown...)
		}
		shown, kept = nil, append(kept, a)
	}
	return append(kept, shown...)
}

// pointsAt tells whether an action is a click that shows which list is meant and does nothing,
// as one on a cell.
func pointsAt(a Action) bool {
	return a.Verb == "click" && a.Effect.none() && a.List != nil && a.Element != nil &&
		!slices.Contains([]string{"a", "button", "input", "select", "summary", "label"}, a.Element.Tag) &&
		!slices.Contains([]string{"button", "link", "checkbox", "radio", "menuitem", "tab", "option", "switch"}, a.Element.Role)
}

// filesOfTabs takes a tab that was opened, and in which nothing was done, for a file.
func filesOfTabs(all []Action) []Action {
	for i, a := range all {
		tab := a.Effect.Tab
		if tab > 0 && a.Effect.File == nil && !slices.ContainsFunc(all, func(b Action) bool { return b.Tab == tab && b.Verb != "" }) {
			all[i].Effect.File = &File{}
		}
	}
	return all
}

func editsField(verb string) bool {
	return slices.Contains([]string{"fill", "type", "select", "upload"}, verb)
}

// sameTarget tells whether two actions were on the same element.
func sameTarget(a, b Action) bool {
	if a.Tab != b.Tab || len(a.Locators) == 0 {
		return false
	}
	return slices.ContainsFunc(a.Locators, func(one specs.LocatorText) bool {
		return slices.ContainsFunc(b.Locators, func(other specs.LocatorText) bool { return reflect.DeepEqual(one, other) })
	})
}

var (
	consentWords = regexp.MustCompile(`(?i)\b(accept|agree|consent|cookies?|got it|licen[cs]e|terms|end other sessions?|other sessions?|continue here|no,? thanks|not now|maybe later|skip|dismiss|remind me later)\b`)
	listWords    = regexp.MustCompile(`(?i)(export|csv|excel|xlsx?\b|save[-_ ]?list|spreadsheet|download[-_ ]?(all|list))`)
	searchWords  = regexp.MustCompile(`(?i)\b(search|find|go|apply|filter|submit|ok|suchen|los)\b`)
	orderWords   = regexp.MustCompile(`(?i)\b(order|book|buy|pay|purchase|checkout|send|transfer|register|reserve|cancel|delete|remove|bestell\w*|buch\w*|kauf\w*|zahl\w*|absenden|stornier\w*)\b`)
	leaveWords   = regexp.MustCompile(`(?i)\b(log[ -]?(out|off)|sign[ -]?(out|off)|abmelden)\b`)
	codeWords    = regexp.MustCompile(`(?i)(one[-_ ]?time|otp|totp|2fa|mfa|verification|authenticat|security[-_ ]?code|\bcode\b)`)
	codeValue    = regexp.MustCompile(`^\d{6,8}$`)
)

// words are all that is known of what an action was on.
func words(a Action) string {
	var all []string
	for _, l := range a.Locators {
		for _, field := range locatorTexts(&l) {
			all = append(all, *field)
		}
	}
	if a.Element != nil {
		all = append(all, a.Element.Name, a.Element.Text, a.Element.Label, a.Element.Attributes["id"], a.Element.Attributes["href"])
	}
	return strings.NewReplacer("-", " ", "_", " ", "#", " ").Replace(strings.Join(all, " ")) + " " + strings.Join(all, " ")
}

// consents tells whether an action agrees to something that a site asks of some and not of
// others: cookies, a licence, the end of another session.
func consents(a Action) bool {
	return (a.Verb == "click" || a.Verb == "check") && consentWords.MatchString(words(a))
}

// brings tells whether an action brought a file.
func brings(a Action) bool { return a.Effect.File != nil }

// bringsList tells whether an action brought a file that may be a list: not one for people to
// read, as of an item that was opened by mistake.
func bringsList(a Action) bool {
	return brings(a) && !strings.Contains(strings.ToLower(a.Effect.File.Type), "pdf") && !strings.HasSuffix(strings.ToLower(a.Effect.File.Name), ".pdf")
}

// isList tells whether a file may be a list of items, by its name and type.
func isList(f *File) bool { return listFormat(f) != "" }

// listFormat is the kind of a file that may be a list of items: csv, xlsx or json.
func listFormat(f *File) string {
	name, kind := strings.ToLower(f.Name), strings.ToLower(f.Type)
	for _, is := range []struct{ format, ending, kind string }{
		{"csv", ".csv", "csv"},
		{"csv", ".tsv", "tab-separated"},
		{"xlsx", ".xlsx", "spreadsheet"},
		{"xlsx", ".xls", "excel"},
		{"xlsx", ".ods", "opendocument"},
		{"json", ".json", "json"},
	} {
		if strings.HasSuffix(name, is.ending) || strings.Contains(kind, is.kind) {
			return is.format
		}
	}
	return ""
}
