package main

import (
	"fmt"

	"pipe/pipeline/practice"
)

// exportList saves the list of the inventory, for pages that have none.
func exportList(h *hand) {
	h.t.Helper()
	h.open("/inventory")
	h.click("button", "Export")
	h.click("a", "Export All Columns")
	h.click("a", "Export to CSV")
}

// ofExport and ofTable are the rows of the export, and of tables that name the vehicles.
func ofExport(v practice.Vehicle) []string { return []string{v.Reference, v.VIN} }

func ofTable(v practice.Vehicle) []string {
	return []string{v.Reference, fmt.Sprintf("%d %s %s", v.Year, v.Make, v.Model)}
}

func ofList(v practice.Vehicle) []string { return []string{v.Reference} }

// listed does a job of a list whose rows have nothing to open: a row is clicked, and the
// report opened by its address.
func listed(path, row string) func(*hand, []string) {
	return func(h *hand, keys []string) {
		signIn(h)
		h.open(path)
		h.click(row, keys[0])
		h.open("/lists/report/" + keys[0])
		h.arrived("/lists/report/")
	}
}

// variantJobs are jobs on the parts of the site for which no spec is shipped.
var variantJobs = []recordedJob{
	{name: "archive", start: "/login", row: ofList, do: func(h *hand, keys []string) {
		signIn(h)
		h.open("/archive")
		h.click("a[href*='"+keys[0]+"/report']", "Report")
	}},
	{name: "bench", start: "/login", row: ofExport, do: func(h *hand, keys []string) {
		signIn(h)
		exportList(h)
		h.open("/bench")
		h.write("#stock", keys[0])
		h.click("button", "Open")
		h.click("a", "Bench report")
		h.arrived("/bench/report")
	}},
	{name: "club", start: "/club/login", row: ofTable, do: func(h *hand, keys []string) {
		signIn(h)
		h.click("td a", keys[0])
		h.click("a", "Club report")
		h.arrived("/club/report")
	}},
	{name: "counter", start: "/login", row: ofTable, files: []string{"print-report.pdf", "sticker.pdf", "export-facts.csv", "print-sheet.pdf", "save-facts-as.txt"}, do: func(h *hand, keys []string) {
		signIn(h)
		h.open("/counter")
		h.click("td a", keys[0])
		h.click("button", "Print report")
		h.arrived("/counter/report")
		h.click("a", "Sticker")
		h.saved(1)
		h.click("button", "Export facts")
		h.saved(2)
		h.back("/counter/report")
		h.click("button", "Print sheet")
		// What it asks then is the system's window, which the protocol does not reach.
		h.click("button", "Save facts as")
	}},
	{name: "mailroom", start: "/login", row: ofTable, files: []string{"show-report.pdf", "download-papers.csv", "download-papers.pdf"}, do: func(h *hand, keys []string) {
		signIn(h)
		h.open("/mailroom")
		h.click("td a", keys[0])
		h.click("button", "Show report")
		h.see("#viewer[src^=blob]", "")
		h.click("button", "Download papers")
		h.saved(2)
	}},
	{name: "orders", start: "/login", row: ofList, told: []string{"Send order} sends a form"}, do: func(h *hand, keys []string) {
		signIn(h)
		h.open("/orders")
		h.click("li a", keys[0])
		h.write("#copies", "1")
		h.click("button", "Send order")
		h.click("a", "Receipt")
	}},
	// The vehicle that is recorded is refused at first; the others were asked for before.
	{name: "window", start: "/login", vehicles: 3, row: ofExport, do: func(h *hand, keys []string) {
		signIn(h)
		exportList(h)
		h.evaluate(`async key => {
			const rows = (await (await fetch('/inventory/export.csv?all')).text()).split('\n').slice(1);
			for (const stock of rows.map(r => r.split(',')[0]).filter(s => s && s !== key)) await fetch('/window/pick-up/report/' + stock);
			return {};
		}`, keys[0])
		h.open("/window")
		h.state = "interactive"
		h.click("#no", "No thanks")
		h.write("#stock", keys[0])
		// The form sets back what was chosen before it was ready.
		for h.choose("#kind", "Report"); !h.chosen("#kind", "Report"); {
			h.choose("#kind", "Report")
		}
		h.click("#go", "Find")
		h.click("#no", "No thanks")
		h.click("a", "Pick up")
		h.arrived("/window/pick-up")
		h.back("/window/pick-up")
		h.click("a", "Pick up")
		h.arrived("/window/report")
	}},
	{name: "lists", start: "/login", row: ofTable, do: listed("/lists/window", "td")},
	{name: "postback", start: "/login", vehicles: manyVehicles, row: ofTable, do: listed("/lists/postback", "td")},
	{name: "arrows", start: "/login", row: ofTable, do: listed("/lists/arrows", "td")},
	{name: "more", start: "/login", row: ofList, do: listed("/lists/more", "li")},
	// The third page is refused once.
	{name: "flaky", start: "/login", vehicles: manyVehicles, row: ofList, do: listed("/lists/flaky", "li")},
	{name: "grid", start: "/login", vehicles: manyVehicles, row: ofList, do: listed("/lists/grid", ".row")},
	{name: "loading", start: "/login", vehicles: manyVehicles, row: ofList, do: listed("/lists/loading", ".row")},
	// The rows move all the time, of which half and the last are no vehicles.
	{name: "split", start: "/login", row: ofList, told: []string{"5 rows of the list's table"}, do: func(h *hand, keys []string) {
		signIn(h)
		h.open("/lists/split")
		h.point("td.stock")
		h.open("/lists/report/" + keys[0])
		h.arrived("/lists/report/")
	}},
	// The desk wants a header that no browser sends by itself: nobody can do a job there in a
	// window, and the recorder says so.
	{name: "overseas", start: "/login", refused: true, told: []string{"NOT YET: ", "goto /overseas: the site answered 403 Forbidden", "browser.context.headers"}, do: func(h *hand, _ []string) {
		signIn(h)
		h.open("/overseas")
		h.see("body", "the desk wants its key")
	}},
}
