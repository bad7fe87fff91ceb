package practice

import (
	"bytes"
	"fmt"
	"net/http"
	"strconv"
	"strings"
)

// Skin is another dress for the same site: what a new release of it changes, so that who
// knew its pages has to find everything anew. What they do stays as it is.
type Skin struct {
	// Name is what Options.Reskin takes, About says what has changed.
	Name, About string

	replaced *strings.Replacer
}

// Skins are those that there are.
func Skins() []Skin { return append([]Skin{}, skins...) }

// byID are the two ways in which a page has an id, and by another attribute instead.
func byID(id string) []string { return []string{`id="` + id + `"`, `getElementById('` + id + `')`} }

// ids gives other ids, in pages and in their scripts; label is for the fields' labels.
func ids(pairs ...string) (all []string) {
	for i := 0; i < len(pairs); i += 2 {
		was, is := byID(pairs[i]), byID(pairs[i+1])
		all = append(all, was[0], is[0], was[1], is[1], `for="`+pairs[i]+`"`, `for="`+pairs[i+1]+`"`)
	}
	return all
}

// attributes gives an attribute in the place of ids.
func attributes(name string, ids ...string) (all []string) {
	for _, id := range ids {
		was := byID(id)
		all = append(all, was[0], name+`="`+id+`"`, was[1], `querySelector('[`+name+`="`+id+`"]')`)
	}
	return all
}

func skin(name, about string, pairs ...[]string) Skin {
	var all []string
	for _, p := range pairs {
		all = append(all, p...)
	}
	return Skin{name, about, strings.NewReplacer(all...)}
}

const (
	printReports = `<button type="button" id="print-reports" class="button">Print/Email Reports</button>`
	createPDF    = `<button type="button" id="create-pdf" class="button"`
	oldStockCell = `<td class="stock">`
	bookout      = `<img title="Bookout" alt="Bookout" src="/assets/bookout.png" width="16" height="16"`
)

var skins = []Skin{
	skin("ids", "other ids",
		ids("grid", "stock-list", "StockNumber", "filter-box", "inventory", "stock-page", "vin", "vehicle-vin", "clear-filters", "reset-filters")),
	skin("prefixes", "ids with a prefix of the framework's, and wrappers around everything",
		ids("grid", "ctl00_grid", "StockNumber", "ctl00_StockNumber", "inventory", "ctl00_inventory", "vin", "ctl00_vin", "clear-filters", "ctl00_clear-filters"),
		[]string{`<div id="toolbar">`, `<div class="row"><div class="col"><div id="toolbar">`, `<table id="grid"`, `</div></div><div class="scroll"><table id="ctl00_grid"`, `<div id="pager">`, `</div><div id="pager">`}),
	skin("test ids", "no ids, but test ids; the VIN has neither",
		attributes("data-testid", "grid", "StockNumber", "inventory", "clear-filters"), []string{`<td id="vin">`, `<td>`}),
	skin("classes", "other classes of cells and buttons",
		[]string{oldStockCell, `<td class="c-stock">`, `class="vin"`, `class="c-vin"`, `class="tools"`, `class="c-tools"`, `class="button"`, `class="btn"`, `class="menu"`, `class="dropdown"`}),
	skin("texts", "other words on buttons and links",
		[]string{
			">Print/Email Reports</button>", ">Reports and Mail</button>", ">Create PDF</button>", ">Make PDF</button>", ">Sign in</button>", ">Log in</button>",
			">Export</button>", ">Download</button>", ">Export All Columns<", ">All Columns<", ">Export to CSV<", ">Save as CSV<", ">Export to Excel<", ">Save as Excel<",
		}),
	skin("forms", "other labels, in and under the fields",
		[]string{
			`<label for="username">User name</label></td>`, `</td>`, `<input type="text" id="username"`, `<input type="text" placeholder="Dealer number" id="username"`,
			`<label for="password">Password</label></td>`, `</td>`, `<input type="password" id="password" name="password" autocomplete="off" />`,
			`<input type="password" id="password" name="password" autocomplete="off" /><br /><label for="password">Passphrase</label>`,
			`<label for="StockNumber">Stock Number</label>`, `<h3>Find</h3>`, `id="StockNumber" name="StockNumber"`, `id="find" name="find" aria-label="Stock number"`, `getElementById('StockNumber')`, `getElementById('find')`,
		}),
	skin("columns", "columns in another order, without classes; the toolbar turned around",
		[]string{
			`<th>Stock Number</th><th>VIN</th>`, `<th>VIN</th><th>Stock Number</th>`, oldStockCell, `<td>`, `<td class="vin">`, `<td>`, `<td class="tools">`, `<td>`,
			`<img id="spinner" src="/assets/spinner.png" alt="" width="16" height="16" style="visibility:hidden" />` + "\n  " + `<div id="export">`,
			`<img id="spinner" src="/assets/spinner.png" alt="" width="16" height="16" style="visibility:hidden" />` + "\n  " + `<div id="tools-export" style="order: -1; float: left">`,
		}),
	skin("tags", "links in place of buttons, a button in place of an image",
		[]string{
			printReports, `<a href="#" id="print-reports" class="button">Print/Email Reports</a>`,
			createPDF, `<a href="javascript:void 0" id="create-pdf" class="button"`, ">Create PDF</button>", ">Create PDF</a>",
			`<button type="button" id="export-button" class="button">Export</button>`, `<a href="#" id="export-button" class="button">Export</a>`,
			bookout, `<button type="button" title="Bookout" style="width: 20px; height: 20px"`, `'" /></td>`, `'"></button></td>`,
		}),
	skin("attributes", "other attributes with the same values",
		attributes("data-field", "StockNumber", "vin", "inventory", "clear-filters"),
		[]string{`<img title="Bookout" alt="Bookout"`, `<img aria-label="Bookout" alt=""`, `for="StockNumber"`, `for="q"`}),
	skin("dialogs", "reports in a dialog of sections, its button in a menu of icons",
		[]string{
			printReports, `<nav><ul><li><span class="item"><button type="button" id="print-reports" class="icon" title="Print or email">Reports…</button></span></li></ul></nav>`,
			`<h2>Print/Email Reports - `, `<div role="dialog" aria-label="Reports"><section><h2>Reports of `,
			createPDF, `<button type="button" class="primary wide"`, ">Create PDF</button>", "><b>Create</b> the PDF now</button>",
			`<div id="report-status"></div>`, `</section></div><div id="report-status"></div>`,
		}),
}

// skinOf gives a skin by its name.
func skinOf(name string) (Skin, error) {
	var names []string
	for _, s := range skins {
		if s.Name == name {
			return s, nil
		}
		names = append(names, s.Name)
	}
	return Skin{}, fmt.Errorf("reskin: no skin is called %q; there are %s", name, strings.Join(names, ", "))
}

// reskinned serves pages in the options' skin.
func (s *Site) reskinned(next http.Handler) http.Handler {
	if s.opts.Reskin == "" {
		return next
	}
	dress, _ := skinOf(s.opts.Reskin) // it was checked
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		k := &keptPage{ResponseWriter: w}
		next.ServeHTTP(k, r)
		k.send(dress)
	})
}

// keptPage keeps an HTML page until it is dressed, and lets all else through.
type keptPage struct {
	http.ResponseWriter
	status int
	html   bool
	page   bytes.Buffer
}

func (k *keptPage) WriteHeader(status int) {
	if k.status != 0 {
		return
	}
	k.status = status
	k.html = strings.HasPrefix(k.Header().Get("Content-Type"), "text/html")
	if !k.html {
		k.ResponseWriter.WriteHeader(status)
	}
}

func (k *keptPage) Write(p []byte) (int, error) {
	k.WriteHeader(http.StatusOK)
	if k.html {
		return k.page.Write(p)
	}
	return k.ResponseWriter.Write(p)
}

// Unwrap gives the writer below, for its other sides.
func (k *keptPage) Unwrap() http.ResponseWriter { return k.ResponseWriter }

func (k *keptPage) send(dress Skin) {
	if !k.html {
		return
	}
	page := dress.replaced.Replace(k.page.String())
	k.Header().Set("Content-Length", strconv.Itoa(len(page)))
	k.ResponseWriter.WriteHeader(k.status)
	_, _ = k.ResponseWriter.Write([]byte(page)) // fails only for a client that has left
}
