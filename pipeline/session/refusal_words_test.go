package session

import (
	"strings"
	"testing"
)

// A message that refuses a login is told from one about something else, and from a page
// of those who are in.
func TestRefuses(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]bool{
		"Your account has been locked. Please contact your administrator.": true,
		"Too many failed login attempts. Try again in 30 minutes.":         true,
		"Access to your account is temporarily blocked Back":               true,
		"Login failed. Go back":                             true,
		"Invalid user name or password.":                    true,
		"The password you entered is incorrect":             true,
		"Ihr Benutzerkonto wurde gesperrt.":                 true,
		"Zu viele fehlgeschlagene Anmeldeversuche":          true,
		"Falsches Passwort!":                                true,
		"Votre compte est verrouillé.":                      true,
		"Su cuenta ha sido bloqueada.":                      true,
		"Service temporarily unavailable, try again later.": false,
		"Loading…":                              false,
		"Enter the code that we have sent you.": false,
		"Welcome back, Anna":                    false,
		"Wrong way! Road works":                 false,
		"":                                      false,
		"Account 17 is locked" + strings.Repeat(" for a vehicle of the stock", 40): false,
	} {
		if got := refuses(text); got != want {
			t.Errorf("%q: %v", text, got)
		}
	}
}

// What says that the site is at work is no refusal.
func TestWaits(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]bool{
		"Signing in, please wait": true, "Loading…": true, "Einen Moment bitte, Sie werden angemeldet ...": true, "Chargement": true,
		"Unbekannter Benutzer": false, "Käyttäjätunnus on väärä": false, "": false,
	} {
		if got := waits(text); got != want {
			t.Errorf("%q: %v", text, got)
		}
	}
}
