package source_test

import (
	"context"
	"slices"
	"strings"
	"testing"

	"pipe/pipeline"
	"pipe/pipeline/practice"
	"pipe/pipeline/source"
	"pipe/specs"
	"pipe/steps"
)

// listed reads the items of a table source, and gives their keys and how many of them
// come again.
func listed(t *testing.T, table string) (keys []string, again int, err error) {
	t.Helper()
	if testing.Short() {
		t.Skip("needs a browser")
	}
	src := "name: x\nkey: ${{ item.stock }}\ntimeouts: {step: 6s}\nsource:\n  table:\n    " + strings.ReplaceAll(strings.TrimSpace(table), "\n", "\n    ") + "\nnavigate: {home: /}\n"
	spec, err := specs.Parse("lists.yaml", []byte(src), specs.Options{Verbs: steps.Verbs()})
	if err != nil {
		t.Fatalf("%v\n%s", err, src)
	}
	worker := <-freeWorkers
	defer func() { freeWorkers <- worker }()
	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	s := &source.Source{
		Spec: spec, Pages: &onePage{pool, worker}, Reporter: pipeline.NewReporter(nil, nil, nil), Attempts: 1, Screenshots: t.TempDir(),
	}
	for entry, err := range s.Items(ctx) {
		switch {
		case err != nil:
			return keys, again, err
		case entry.Bad != nil:
			t.Errorf("a bad row: %s", entry.Bad.Reason)
		case slices.Contains(keys, entry.Item.Key):
			again++
		default:
			keys = append(keys, entry.Item.Key)
		}
	}
	slices.Sort(keys)
	return keys, again, nil
}

// Who looks at a source hears what its log steps say.
func TestLogOfSource(t *testing.T) {
	t.Parallel()
	if testing.Short() {
		t.Skip("needs a browser")
	}
	spec, err := specs.Parse("logs.yaml", []byte(`{name: x, key: "${{ item.stock }}", source: {table: {
		goto: /lists/split, steps: [{log: "at ${{ 'work' }}"}], skip: .sum, span: 2, rows: "#grid tr", fields: {stock: {text_of: .stock}}}}}`),
		specs.Options{Verbs: steps.Verbs()})
	if err != nil {
		t.Fatal(err)
	}
	worker := <-freeWorkers
	defer func() { freeWorkers <- worker }()
	var said []string
	s := &source.Source{
		Spec: spec, Pages: &onePage{pool, worker}, Reporter: pipeline.NewReporter(nil, nil, nil), Attempts: 1, Screenshots: t.TempDir(),
		Configure: func(on *steps.StepContext) {
			on.OnLog = func(_ context.Context, _ *specs.Step, text string) { said = append(said, text) }
		},
	}
	for _, err := range s.Items(t.Context()) {
		if err != nil {
			t.Fatal(err)
		}
	}
	if !slices.Equal(said, []string{"at work"}) {
		t.Errorf("heard %q", said)
	}
}

func references(vehicles []practice.Vehicle) []string {
	var all []string
	for _, v := range vehicles {
		all = append(all, v.Reference)
	}
	slices.Sort(all)
	return all
}

const (
	rowsOfPages = "rows: \"#grid tr.row\"\nfields: {stock: {text_of: .stock}}\n"
	rowsOfList  = "rows: .row\nfields: {stock: {text_of: .stock}}\n"
)

// Each list gives all vehicles, once each.
func TestWholeLists(t *testing.T) {
	t.Parallel()
	for name, table := range map[string]string{
		"one page":                    "goto: /lists/split\nskip: .sum\nspan: 2\nrows: \"#grid tr\"\nfields: {stock: {text_of: .stock}, color: {text_of: .color}}",
		"pages of a window":           "goto: /lists/window\n" + rowsOfPages + "paginate: {numbers: .pagination a}\ntotal: \"#count\"",
		"postbacks":                   "goto: /lists/postback\n" + rowsOfPages + "paginate: {numbers: \"#grid tr.pager a\"}",
		"postbacks to the numbers":    "goto: /lists/postback\n" + rowsOfPages + "paginate: {numbers: \"#grid tr.pager a:text-matches('.')\", total: \"#count\"}",
		"arrows and a total":          "goto: /lists/arrows\n" + rowsOfPages + "paginate: {next: {role: link, name: Next page}, total: \"#count\"}",
		"a grid of rows in view":      "goto: /lists/grid\n" + rowsOfList + "paginate: {scroll: \"#grid\"}",
		"the page in place of a grid": "goto: /lists/grid\n" + rowsOfList + "paginate: {scroll: true}",
		"a grid that loads":           "goto: /lists/loading\n" + rowsOfList + "paginate: {scroll: \"#grid\"}",
		"rows by role":                "goto: /lists/grid\nrows: .row\nfields: {stock: {text_of: \"span:visible\"}}\npaginate: {scroll: \"#grid\"}",
		"a button for more":           "goto: /lists/more\n" + rowsOfList + "paginate: {more: \"#more\", patience: 1s}",
		"a button that fails once":    "goto: /lists/flaky\n" + rowsOfList + "paginate: {more: \"#more\", patience: 1s}",
		"a feed that grows":           "goto: /feed\nrows: .card\nfields: {stock: {text_of: .stock}}\npaginate: {scroll: true, end: \"#end\"}",
		"lists of a list": `each:
  steps:
    - goto: /lists/split
    - extract: {name: split, fields: {makes: {rows_of: {rows: "#makes a", fields: {to: {attribute_of: {selector: ":scope", attribute: href}}, name: {text_of: ":scope"}}}}}}
  in: ${{ steps.split.makes }}
  as: make
goto: ${{ vars.make.to }}
rows: "#grid tr.row"
fields: {stock: {text_of: .stock}, make: "${{ vars.make.name }}"}
paginate: {next: .next, total: "#count"}`,
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			keys, again, err := listed(t, table)
			if want := references(site.Vehicles()); err != nil || !slices.Equal(keys, want) || again > 0 {
				t.Errorf("%d of %d, %d again, %v: %v", len(keys), len(want), again, err, keys)
			}
		})
	}
}

// What cannot be read whole is a failure that says so.
func TestUnreadableLists(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct{ table, want string }{
		"a Next that does nothing":        {"goto: /lists/stuck\n" + rowsOfPages + "paginate: {next: .next}", "does not change the page"},
		"a Next that leads round":         {"goto: /lists/round\n" + rowsOfPages + "paginate: {next: .next}", "page 8 shows the rows of page 1 again"},
		"a total that is not reached":     {"goto: /lists/short\n" + rowsOfPages + "paginate: {next: .next}\ntotal: \"#count\"", "the list has 21 rows as \"#count\" says, and 20 were read"},
		"a total of more than one page":   {"goto: /lists/window\n" + rowsOfPages + "total: \"#count\"", "and 3 were read"},
		"a button that fails":             {"goto: /lists/broken\n" + rowsOfList + "paginate: {more: \"#more\", patience: 1s}", "the site answers GET /lists/rows with 503"},
		"a grid that leaves rows out":     {"goto: /lists/gaps\n" + rowsOfList + "paginate: {scroll: \"#grid\"}", "may have passed unseen"},
		"numbers without what leads on":   {"goto: /lists/window?page=4\n" + rowsOfPages + "paginate: {numbers: .pagination a}", "show page 4 where page 1 is due"},
		"a list that opens in its middle": {"goto: /lists/arrows?page=2\n" + rowsOfPages + "paginate: {next: .next, total: \"#count\"}", "opens at its row 4"},
		"an end that is not there":        {"goto: /lists/grid\n" + rowsOfList + "paginate: {scroll: \"#grid\", end: \"#end\", patience: 500ms}", "which is to be seen at the end, is not"},
		"a total that is none":            {"goto: /lists/window\n" + rowsOfPages + "total: h1", "it tells no number of rows"},
		"a row of totals":                 {"goto: /lists/split\nrows: \"#grid tr\"\nfields: {stock: {text_of: .stock}}", "can be left out by skip"},
		"rows of no whole span":           {"goto: /lists/split\nspan: 2\nrows: \"#grid tr\"\nfields: {stock: {text_of: .stock}}", "no rows of 2"},
		"no list of several":              {"each: {in: \"${{ [] }}\", as: make}\ngoto: /lists/make/${{ vars.make }}\n" + rowsOfPages, "each has no values"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			keys, _, err := listed(t, c.table)
			if err == nil || !strings.Contains(err.Error(), c.want) {
				t.Errorf("%d items, %v, want %q", len(keys), err, c.want)
			}
		})
	}
}

// A vehicle that is sold while the list is read moves others to a page, or to a place,
// that was read: they are not lost.
func TestListThatMoves(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		table string
		gone  int
	}{
		"on the first page":               {"goto: /lists/sold\n" + rowsOfPages + "paginate: {next: .next}", 0},
		"on the first page, with a total": {"goto: /lists/sold-of\n" + rowsOfPages + "paginate: {next: .next, total: \"#count\"}", 0},
		"on a page behind":                {"goto: /lists/withdrawn\n" + rowsOfPages + "paginate: {next: .next}", 3},
		"behind a button for more":        {"goto: /lists/leaving\n" + rowsOfList + "paginate: {more: \"#more\", patience: 1s}", 0},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			keys, _, err := listed(t, c.table)
			want := references(slices.Delete(site.Vehicles(), c.gone, c.gone+1))
			if err != nil || !slices.Equal(keys, want) {
				t.Errorf("%d of %d, %v: %v", len(keys), len(want), err, keys)
			}
		})
	}
}

// What of the list leads to nothing is told with its place in the spec, however it is read.
func TestPlaceInList(t *testing.T) {
	t.Parallel()
	const list = "goto: /lists/window\nrows: \"#grid tr.row\"\nfields: {stock: {text_of: .stock}, "
	for table, want := range map[string]string{
		list + "make: {text_of: .make-of}}":                    "source.table.fields.make (lists.yaml:8:40): reading make of row 1",
		list + "make: {text_of: {role: cell, name: Make of}}}": "source.table.fields.make (lists.yaml:8:40): reading make of row 1",
		strings.Replace(list, "tr.row", "tr.none", 1) + "}":    "source.table.rows (lists.yaml:7:5): waiting for ",
	} {
		if _, _, err := listed(t, table); err == nil || !strings.Contains(err.Error(), "table: "+want) {
			t.Errorf("%s\n%v", table, err)
		}
	}
}
