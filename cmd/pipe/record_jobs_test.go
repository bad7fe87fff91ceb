package main

import (
	"testing"
	"time"

	"github.com/pquerna/otp/totp"

	"pipe/pipeline/practice"
)

// signIn logs in.
func signIn(h *hand) {
	h.t.Helper()
	h.write("#username", practice.DefaultUser)
	h.write("#password", practice.DefaultPassword)
	h.click("[type=submit], button", "Sign in")
}

// signInByEnter logs in as people do: with a password that is refused first, and by a key.
func signInByEnter(h *hand) {
	h.t.Helper()
	h.write("#username", practice.DefaultUser)
	for _, password := range []string{"not-it", practice.DefaultPassword} {
		h.write("#password", password)
		h.enter()
	}
	h.see("a", "Log Out")
}

// recordedJob is a job as a person does it for a vehicle.
type recordedJob struct {
	name, start string
	do          func(h *hand, keys []string)
	// twice is true for one that is done for two vehicles, whose keys are told.
	twice bool
	// vehicles are how many the site has; 0 is fewVehicles.
	vehicles int
	// refused is true for one that cannot be done in a browser, nor by the spec.
	refused bool
	// files are in each vehicle's folder, where there are several; row is what the record of a
	// vehicle begins with, nil where nobody looks; told is said at the end of the recording.
	files []string
	row   func(practice.Vehicle) []string
	told  []string
}

// fewVehicles are two pages of a list, manyVehicles more than a grid has rows for. The third is
// recorded.
const fewVehicles, manyVehicles = 4, 12

// recordedJobs are jobs as a person does them for a vehicle, by the shipped specs that do the
// same; twice for two, whose keys are told.
var recordedJobs = []recordedJob{
	{name: "inventory", start: "/inventory", do: func(h *hand, keys []string) {
		signIn(h)
		h.click("button", "Export")
		h.click("a", "Export All Columns")
		h.click("a", "Export to CSV")
		h.write("#StockNumber", keys[0])
		h.see("tr:only-child td.stock", keys[0])
		h.click("img[title=Bookout]", "")
		h.click("button", "Print/Email Reports")
		h.click("button", "Create PDF")
		h.arrived("/GetPdfReport")
	}},
	{name: "table", start: "/login", do: func(h *hand, keys []string) {
		signInByEnter(h)
		h.open("/list")
		h.click("td a", keys[0])
		h.click("a", "Bookout report")
		h.arrived("/list/report")
	}},
	{name: "app", start: "/login", do: func(h *hand, keys []string) {
		signIn(h)
		h.open("/app")
		h.see(".tile", keys[0])
		h.click("button", "Save list")
		h.write("[placeholder='Find a vehicle']", keys[0])
		h.click(".tile", keys[0])
		h.click("button", "Prepare report")
		h.click("a", "Download report")
	}},
	{name: "blobs", start: "/login", do: func(h *hand, keys []string) {
		signIn(h)
		h.open("/blobs")
		h.see("#vehicle", keys[0])
		h.click("button", "Save list")
		h.choose("#vehicle", keys[0])
		h.click("button", "Build report")
		h.see("#progress", "is saved")
	}},
	{name: "documents", start: "/login", do: func(h *hand, keys []string) {
		signIn(h)
		h.open("/documents")
		h.click("a", "Save list")
		h.click("td a", keys[0])
		h.click("a", "Bookout report")
		h.arrived("/bookout")
		h.click("a", "Window sticker")
		h.click("a", "Equipment list")
	}},
	{name: "feed", start: "/login", do: func(h *hand, keys []string) {
		signIn(h)
		h.open("/feed")
		h.click("[data-stock='"+keys[0]+"'] a", "")
		h.arrived("/feed/report")
	}},
	{name: "forms", start: "/login", do: func(h *hand, keys []string) {
		signIn(h)
		h.open("/forms")
		h.click("button", "Save list")
		h.write("#stock", keys[0])
		h.choose("#branch", "Main Street")
		h.click("input[type=submit]", "Search")
		h.click("a", "Request a document")
		h.choose("#document", "Bookout report")
		h.click("label", "Internal audit")
		h.click("label", "I am entitled")
		h.click("input[type=submit], button", "Continue")
		h.click("button", "Download document")
	}},
	{name: "frames", start: "/login", do: func(h *hand, keys []string) {
		signIn(h)
		h.open("/frames")
		h.click("a", "Save list")
		h.click("li a", keys[0])
		h.click("button", "Show report")
	}},
	{name: "shadow", start: "/login", do: func(h *hand, keys []string) {
		signIn(h)
		h.open("/shadow")
		h.click("[role=button]", "Save list")
		h.write("#search", keys[0])
		h.click("button", "Details")
		h.click("button", "Print report")
		h.arrived("/shadow/report")
	}},
	{name: "post", start: "/login", twice: true, do: func(h *hand, keys []string) {
		signIn(h)
		h.open("/post")
		h.click("button", "Save list")
		for _, key := range keys {
			h.open("/post")
			h.write("#stock", key)
			h.click("button", "Find")
			h.see("tr:only-child .stock", key)
			h.click("button", "Print statement")
			h.arrived("/post/statement")
		}
	}},
	{name: "totp", start: "/mfa/login", do: func(h *hand, keys []string) {
		h.write("#username", practice.DefaultUser)
		h.write("#password", practice.DefaultPassword)
		h.click("button", "Next")
		h.write("#code", practiceCode(h.t))
		h.click("button", "Verify")
		h.click("a", "Save list")
		h.click("td a", keys[0])
		h.click("a", "Download bookout report")
	}},
}

// practiceCode is a code as an app makes them of the practice site's secret.
func practiceCode(t *testing.T) string {
	t.Helper()
	code, err := totp.GenerateCode(practice.DefaultSeed, time.Now())
	if err != nil {
		t.Fatal(err)
	}
	return code
}
