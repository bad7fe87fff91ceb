package main

import (
	"fmt"
	"slices"
	"testing"

	"pipe/cmd/pipe/internal/app"
	"pipe/pipeline/practice"
)

// club are the edits by which the shipped spec works at the club, with a silent sign-on
// on the way home.
func club(t *testing.T) []string {
	t.Helper()
	whole := shipped(t)
	part := func(from, to string) string { return whole[indexOf(t, whole, from):indexOf(t, whole, to)] }
	return []string{
		part("  steps:\n    - goto: /login\n", "source:"), `  steps:
    - goto: /club/login
    - fill: {label: User name, value: "${{ account.username }}"}
    - fill: {label: Password, value: "${{ account.password }}"}
    - click: {role: button, name: Sign in}
  success: {visible: "#user"}
  lost: {url: "**/club/login**"}

`,
		part("navigate:", "record:"), `navigate:
  home: /club/hall
  steps:
    - click: {role: link, name: "${{ item.stock_number }}"}
    - wait: {selector: "#stock", text: "${{ item.stock_number }}"}

download:
  - capture:
      on: {click: {role: link, name: Club report}}
      as: "${{ item.stock_number }}.pdf"
      expect: {type: pdf, contains: "${{ item.stock_number }}"}

`,
		"    vin: {text_of: \"#vin\"}\n", "    vin: {text_of: \"#vin\"}\n    price: {text_of: \"#price\"}\n",
		"attempts: 3", "attempts: 1",
	}
}

// Where a session ends between home and a vehicle's page, and guests are shown a poorer
// one without a word, each vehicle is a member's in the end, and none has cost a try.
// That home is entered through the login page is no loss.
func TestGuestsOfTheClub(t *testing.T) {
	t.Parallel()
	j := newJob(t, practice.Options{Vehicles: 8, SessionRequests: 3, SessionPath: "/club/vehicle/*"}, club(t)...)
	has(t, j.run(app.ExitDone), totals(8, 8, 0, 0, 0))
	rows := j.records()
	price := slices.Index(rows[0], "price")
	for _, v := range j.site.Vehicles() {
		if !slices.ContainsFunc(rows, func(row []string) bool { return slices.Contains(row, v.VIN) && row[price] == fmt.Sprint(v.Price) }) {
			t.Errorf("%s has no record with its price %d: %v", v.Reference, v.Price, rows)
		}
	}
	if c := j.site.Counts(); c.Guests == 0 || c.Logins > 8 {
		t.Errorf("%d pages for guests, %d logins", c.Guests, c.Logins)
	}
}

// A wrong password is tried once, in two runs, though the club answers it without a form:
// a second time locks the account.
func TestClubRefuses(t *testing.T) {
	t.Parallel()
	j := newJob(t, practice.Options{Vehicles: 2, Accounts: map[string]string{practice.DefaultUser: "another"}}, append(club(t), "retry:\n", "timeouts: {step: 3s}\n\nretry:\n")...)
	for range 2 {
		has(t, j.run(app.ExitEnvironment), "The password is wrong.")
	}
	if n := j.site.Counts().Locked; n != 0 {
		t.Errorf("%d accounts locked", n)
	}
}
