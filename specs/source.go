package specs

import (
	"gopkg.in/yaml.v3"

	"pipe/specs/expr"
)

// Source is where the items come from: one of its kinds, and what is to be made
// of the rows, in this order: where, map, dedupe, order, limit.
type Source struct {
	CSV     *CSV     `yaml:"csv" kind:"true" doc:"a CSV or TSV file, or just its path; a workbook or an HTML table called so is read as what it is"`
	XLSX    *XLSX    `yaml:"xlsx" kind:"true" doc:"a workbook: .xlsx, .xls, .ods, the XML of Excel 2003, or an HTML table called so; or just its path"`
	JSON    *JSON    `yaml:"json" kind:"true" doc:"a JSON file with a list of objects, or just its path"`
	JSONL   *JSONL   `yaml:"jsonl" kind:"true" doc:"a file with one JSON object a line, or just its path"`
	SQL     *SQL     `yaml:"sql" kind:"true" doc:"the rows of a database query"`
	Sitemap *JSONL   `yaml:"sitemap" kind:"true" doc:"a sitemap or an index of sitemaps, gzipped or not, with item.loc and item.lastmod"`
	Items   *Items   `yaml:"items" kind:"true" doc:"a list of mappings, in the spec itself"`
	Export  *Export  `yaml:"export" kind:"true" doc:"a file that the site exports after login"`
	Table   *Table   `yaml:"table" kind:"true" doc:"the rows of a page of the site, or of several, after login"`
	Collect *Collect `yaml:"collect" kind:"true" doc:"a list that steps make up after login, as from a site's own API"`

	Where  *expr.Condition `yaml:"where" scope:"column" doc:"only rows of which this is true"`
	Map    Columns         `yaml:"map" scope:"column" doc:"more columns, or other values for those that there are, made of the row as the source has it"`
	Dedupe expr.Template   `yaml:"dedupe" scope:"row" doc:"of the rows with the same value of this, only the first; it takes 16 bytes of memory a value"`
	Order  *Order          `yaml:"order" scope:"row" doc:"in which order the rows are done; many of them wait on disk meanwhile; default: the source's"`
	Limit  int             `yaml:"limit" doc:"the most rows; default: all"`
	Strict bool            `yaml:"strict" doc:"a bad row stops the run; else it is told and the others go on"`
	Expect *ExpectRows     `yaml:"expect" doc:"what the list must be like: how many rows, how many fewer than before, which columns"`
}

// CSV is a file of lines with fields. Paths of this and the other files are
// relative to the working directory.
type CSV struct {
	Path      expr.Location `yaml:"path" short:"true" required:"true" scope:"spec" example:"items.csv" doc:"the file, an http or https address, or - for standard input"`
	Headers   Headers       `yaml:"headers" scope:"spec" doc:"headers of the request for an address"`
	Delimiter string        `yaml:"delimiter" doc:"one character; default: found from the file"`
	Encoding  string        `yaml:"encoding" doc:"such as utf-8, windows-1252 or shift_jis; default: found from the file, of UTF-8, UTF-16 and Windows-1252"`
	Columns   []string      `yaml:"columns" doc:"the columns' names, for a file without a header row"`
	Header    int           `yaml:"header" min:"1" doc:"the number of the line with the columns' names, such as 6; default: the first with the columns that the spec uses, else the first that the lines below it fit"`
}

// XLSX is a sheet of a workbook. Its cells are read as Excel shows them, and whole
// numbers with all their digits. Rows that are hidden or filtered out are read;
// cells that are merged downwards have their value in each row.
type XLSX struct {
	Path    expr.Location `yaml:"path" short:"true" required:"true" scope:"spec" doc:"the file, an http or https address, or - for standard input"`
	Headers Headers       `yaml:"headers" scope:"spec" doc:"headers of the request for an address"`
	Sheet   string        `yaml:"sheet" doc:"the sheet's name; default: the first with the columns that the spec uses, else the first with anything in it"`
	Header  int           `yaml:"header" min:"1" doc:"the number of the row with the columns' names; default: the first with the columns that the spec uses, else the first that the rows below it fit"`
}

// JSON is a list of objects within a document.
type JSON struct {
	Path    expr.Location `yaml:"path" short:"true" required:"true" scope:"spec" doc:"the file, an http or https address, or - for standard input"`
	Headers Headers       `yaml:"headers" scope:"spec" doc:"headers of the request for an address"`
	At      string        `yaml:"at" doc:"where the list is, as a JSON pointer such as /data/vehicles; default: the document is the list"`
}

// JSONL is a file that needs no more words.
type JSONL struct {
	Path    expr.Location `yaml:"path" short:"true" required:"true" scope:"spec" doc:"the file, an http or https address, or - for standard input"`
	Headers Headers       `yaml:"headers" scope:"spec" doc:"headers of the request for an address"`
}

// SQL is a query.
type SQL struct {
	DSN   expr.Location `yaml:"dsn" required:"true" scope:"spec" doc:"the database: postgres://user:password@host/name, mysql://user:password@host/name (MariaDB too) or sqlite:path; keep a password in a secret"`
	Query string        `yaml:"query" required:"true" doc:"one SELECT statement; it runs in a transaction that may only read"`
}

// Export takes the list of items from the site itself.
type Export struct {
	Steps     []Step   `yaml:"steps" required:"true" doc:"the steps whose last one starts the download"`
	Format    string   `yaml:"format" enum:"csv,xlsx,json" default:"csv" doc:"json, or a table: csv and xlsx are both found from the file, whatever the site calls it"`
	Delimiter string   `yaml:"delimiter" doc:"csv: one character; default: found from the file"`
	Encoding  string   `yaml:"encoding" doc:"csv: such as utf-8, windows-1252 or shift_jis; default: found from the file"`
	Columns   []string `yaml:"columns" doc:"csv: the columns' names, for a file without a header row"`
	Sheet     string   `yaml:"sheet" doc:"xlsx: the sheet's name; default: the first with the columns that the spec uses, else the first with anything in it"`
	Header    int      `yaml:"header" min:"1" doc:"csv, xlsx: the number of the line or row with the columns' names; default: found from the file"`
	At        string   `yaml:"at" doc:"json: where the list is, as a JSON pointer; default: the document is the list"`
	OpenEnd   bool     `yaml:"open_end" doc:"true takes a file although the site does not say where it ends and closes the connection there: half of it would look the same"`
	Timeout   Duration `yaml:"timeout" doc:"for the file, from the last step to the last byte; default timeouts.source"`
}

// Collect takes the list of items from what steps have found.
type Collect struct {
	Steps   []Step        `yaml:"steps" required:"true" doc:"the steps that find the items, with set and while where they come in parts"`
	Rows    expr.Template `yaml:"rows" required:"true" scope:"session" example:"${{ steps.api.json.vehicles }}" doc:"the list of items, each a mapping of columns to values"`
	Timeout Duration      `yaml:"timeout" doc:"for all of it; default timeouts.source"`
}

// OnSite tells whether the items come from the site, after login.
func (s *Source) OnSite() bool { return s.Export != nil || s.Table != nil || s.Collect != nil }

// Order is how rows are sorted: as numbers where both are, else as texts.
type Order struct {
	By         expr.Template `yaml:"by" short:"true" required:"true" doc:"what to sort by, such as ${{ int(item.price) }}"`
	Descending bool          `yaml:"descending" doc:"the greatest first"`
}

// Columns are named values of a row, in the order of the spec.
type Columns []Column

// Column is one of them.
type Column struct {
	Name  string
	Value *expr.Template
}

func (c *Columns) decodeNode(d *decoder, n *yaml.Node, at cursor) {
	d.templates(n, at, func(name string, t *expr.Template) {
		*c = append(*c, Column{name, t})
	})
}

// Row gives a row with the columns. All its values are texts.
func (c Columns) Row(fields map[string]any, values expr.Values) (map[string]any, error) {
	if len(c) == 0 {
		return fields, nil
	}
	out := make(map[string]any, len(fields)+len(c))
	for name, v := range fields {
		out[name] = v
	}
	for _, column := range c {
		text, err := column.Value.Text(values)
		if err != nil {
			return nil, err
		}
		out[column.Name] = text
	}
	return out, nil
}
