package session

import (
	"regexp"
	"slices"
	"unicode/utf8"
)

// A page that answers credentials without asking for them again says in words that they
// are refused: the account is locked, the password is wrong, go back. The same words are
// on many a page of those who are in, so only a short one is such an answer.

// messageMost is how long a page's words may be to be a message, in characters.
const messageMost = 600

const (
	what = `(accounts?|user ?names?|users?|log-?ins?|log in|sign-?ins?|sign in|passwords?|credentials|access|benutzer\w*|konto|kennwort|passwort|anmeldung|` +
		`anmeldedaten|zugang|compte|identifiants?|utilisateur|mot de passe|cuenta|usuario|contraseña|utente|conta|senha|wachtwoord|gebruiker\w*)`
	how = `(locked|blocked|suspended|disabled|deactivated|denied|invalid|incorrect|wrong|unknown|failed|not (correct|valid|recogni[sz]ed|known)|` +
		`gesperrt|falsch|ungültig|unbekannt|fehlgeschlagen|verweigert|verrouill|bloqu|refus|bloccat|errat|geblokkeerd|onjuist)`
)

var refusing = []*regexp.Regexp{
	regexp.MustCompile(`(?i)\b(too many|zu viele|trop de|demasiad[oa]s|troppi|te veel|muitas)\b[^.!?]{0,40}(attempts|tries|log-?ins|sign-?ins|failures|versuche|tentativ|intentos|pogingen)`),
	regexp.MustCompile(`(?i)\b` + what + `\b[^.!?]{0,60}\b` + how),
	regexp.MustCompile(`(?i)\b` + how + `\w*[^.!?]{0,30}\b` + what + `\b`),
}

// refuses tells whether what a page says is a message that refuses a login.
func refuses(said string) bool {
	return utf8.RuneCountInString(said) <= messageMost && slices.ContainsFunc(refusing, func(words *regexp.Regexp) bool { return words.MatchString(said) })
}

var waiting = regexp.MustCompile(`(?i)(…|\.\.\.)\s*$|\b(wait|loading|(sign|logg)ing (you )?in|one moment|in progress|warten|moment bitte|wird (geladen|angemeldet)|` +
	`patiente[rz]|chargement|connexion en cours|espere|cargando|attend(a|ere)|caricamento|aguarde|carregando|even geduld|bezig)\b`)

// waits tells whether what a page says is that the site is at work on a login.
func waits(said string) bool {
	return utf8.RuneCountInString(said) <= messageMost && waiting.MatchString(said)
}
