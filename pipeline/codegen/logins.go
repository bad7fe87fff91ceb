package codegen

import (
	"regexp"
	"slices"
	"strings"

	"pipe/specs"
)

// secretWords are those of fields for passwords.
var secretWords = regexp.MustCompile(`(?i)(passw(or)?d|passwort|passphrase|passcode|kennwort|mot de passe|contrase|\bpwd\b)`)

// markSecrets marks what was typed into fields that are called as those for passwords are.
func markSecrets(all []Action) []Action {
	all = slices.Clone(all)
	for i, a := range all {
		if (a.Verb == "fill" || a.Verb == "type") && secretWords.MatchString(words(a)) {
			all[i].Secret = true
		}
	}
	return all
}

// credential is a field of the account: its name, and the secret that it is.
type credential struct{ field, secret string }

// secretVariables makes variables of what was typed to log in: the user's name, the password,
// what else is secret.
func (w *writer) secretVariables(p parts) {
	first := slices.IndexFunc(p.login, func(a Action) bool { return a.Secret })
	if first < 0 {
		return
	}
	typed := func(a Action) bool { return (a.Verb == "fill" || a.Verb == "type") && !a.Secret }
	if at := lastIndex(p.login[:first], typed); at >= 0 {
		w.credential("username", p.login[at].Value)
	} else if at := slices.IndexFunc(p.login, typed); at >= 0 && !isCode(p.login[at]) {
		w.credential("username", p.login[at].Value)
	}
	for _, list := range [][]Action{p.login, p.export, p.item} {
		for _, a := range list {
			switch {
			case isCode(a):
				w.code(a)
			case a.Secret && editsField(a.Verb) && !w.logins.has(a.Value):
				name := "password"
				if w.hasCredential(name) {
					if name = fieldName(a); name == "" || w.hasCredential(name) {
						name = "secret"
					}
				}
				w.credential(name, a.Value)
			}
		}
	}
}

func (w *writer) hasCredential(field string) bool {
	return slices.ContainsFunc(w.credentials, func(c credential) bool { return c.field == field })
}

// credential adds a field to the account, whose value is in the environment.
func (w *writer) credential(field, value string) {
	if w.hasCredential(field) {
		return
	}
	variable := strings.ToUpper(w.name + "_" + field)
	w.credentials = append(w.credentials, credential{field, variable})
	w.environment = append(w.environment, variable)
	w.logins.add(value, "account."+field)
}

// code makes an expression of a code that holds once: the next one of the secret that the
// site has shown for an app.
func (w *writer) code(a Action) {
	w.credential("otp", "")
	w.logins.add(a.Value, "totp(account.otp)")
	w.note("%s_OTP is the secret that the site shows beside its QR code: the one-time codes are made of it", strings.ToUpper(w.name))
}

// loginSection writes how to log in.
func (w *writer) loginSection(p parts) []string {
	if len(p.login) == 0 {
		return nil
	}
	lines := []string{"", "login:", "  accounts:"}
	fields := make([]string, len(w.credentials))
	for i, c := range w.credentials {
		fields[i] = c.field + ": " + quoted("${{ secret."+c.secret+" }}")
	}
	lines = append(lines, "    - {"+strings.Join(fields, ", ")+"}", "  steps:")
	login := p.login
	if login[0].Verb != "goto" {
		address := login[0].Address
		if address == "" {
			address = w.rec.Start
		}
		login = append([]Action{{Verb: "goto", Value: address}}, login...)
	}
	lines = append(lines, indent(4, w.steps(login, place{optional: true}))...)
	return append(lines, w.loginSigns(p, login)...)
}

// loginSigns writes what proves that a login has worked, and what tells that it is gone.
func (w *writer) loginSigns(p parts, login []Action) []string {
	at := slices.IndexFunc(login, func(a Action) bool { return a.Secret })
	password := specs.TargetNode(w.locators(login[at], place{})[:1])
	address := login[at].Address
	if address == "" {
		address = login[lastIndex(login[:at], func(a Action) bool { return a.Verb == "goto" })].Value
	}
	var lines []string
	if w.rec.LoggedIn != nil && !w.logins.hasIn(*w.rec.LoggedIn) && !w.items.hasIn(*w.rec.LoggedIn) {
		lines = append(lines, "  success: {visible: "+oneLine(w.rec.LoggedIn.Node())+"}    # the proof that we are in")
	} else {
		lines = append(lines, "  # The proof that we are in. Better is what only somebody logged in sees: {visible: …}",
			"  success: {hidden: "+oneLine(password)+"}")
	}
	path := pathOf(address)
	if path != "/" && !strings.HasPrefix(pathOf(p.home), path) && (p.landing == "" || !strings.HasPrefix(pathOf(p.landing), path)) {
		return append(lines, "  lost: {url: "+quoted("**"+path+"**")+"}    # seen later, anywhere: the session is gone")
	}
	return append(lines, `  lost: {selector: "input[type=password]"}    # seen later, anywhere: the session is gone`)
}
