package specs

import (
	"gopkg.in/yaml.v3"

	"pipe/specs/document"
	"pipe/specs/expr"
)

// Read is a value taken from the page, or an expression.
type Read struct {
	Value   expr.Template `yaml:"value" short:"true" way:"true" doc:"a text or an expression"`
	TextOf  Target        `yaml:"text_of" way:"true" doc:"the text of the first element that matches"`
	ValueOf Target        `yaml:"value_of" way:"true" doc:"what a form field holds"`
	AttrOf  *AttrOf       `yaml:"attribute_of" way:"true" doc:"an attribute of the first element that matches"`
	CountOf Target        `yaml:"count_of" way:"true" doc:"how many elements match"`
	RowsOf  *RowsOf       `yaml:"rows_of" way:"true" doc:"a list: the values of each row that matches, as of a table"`
	Absent  string        `yaml:"absent" enum:"fail,empty" default:"fail" doc:"what to do when nothing matches within the step's time-out"`

	Match    Pattern    `yaml:"match" doc:"a regular expression; the value is what its first group finds, or all of it without a group"`
	Type     string     `yaml:"type" enum:"text,int,number,money,date,bool" doc:"what the value is; a value that is none fails the item, and is not tried again; money is its amount, without the currency; bool takes yes and no, true and false, on and off, y and n, 1 and 0"`
	Decimal  string     `yaml:"decimal" enum:".,comma" doc:"what stands before the decimals of int, number and money: . or comma; default: found from the value; 1,234 and 1.234 are read as the locale has them, or else have groups, but for the dot of a number"`
	Format   DateFormat `yaml:"format" doc:"how a date is written as DD.MM.YYYY, of the same parts as in the function date; default YYYY-MM-DD, or a day, the name of a month in the language of the locale and a year"`
	Locale   string     `yaml:"locale" doc:"the language of a date's words, and how a number such as 1.234 is read, as de-DE; default: browser.context.locale, else English"`
	Required bool       `yaml:"required" doc:"an empty value fails the item as a file does that is not what it should be"`

	// context gives what the spec says of all values.
	context *readContext
	// place is that of the field's name.
	place string
}

// AttrOf names an attribute of an element.
type AttrOf struct {
	Target    Target `yaml:",inline" required:"true"`
	Attribute string `yaml:"attribute" required:"true" doc:"the attribute's name"`
}

// OnPage tells whether the value is taken from the page.
func (r Read) OnPage() bool {
	return r.TextOf.Given() || r.ValueOf.Given() || r.AttrOf != nil || r.CountOf.Given() || r.RowsOf != nil
}

// Field is a named value of a record or an extract.
type Field struct {
	Name string
	Read Read
	// Pos is the place of the field's name.
	Pos document.Pos
}

// Fields are named values in the order of the spec.
type Fields []Field

func (fs *Fields) decodeNode(d *decoder, n *yaml.Node, at cursor) {
	if n.Kind != yaml.MappingNode {
		d.Fault(n, "want a mapping of names to values such as vin: {text_of: \"#vin\"}, not %s", document.Describe(n))
		return
	}
	*fs = make(Fields, 0, len(n.Content)/2)
	for key, value := range d.Pairs(n) {
		*fs = append(*fs, Field{Name: key.Value, Pos: d.Pos(key)})
		r := &(*fs)[len(*fs)-1].Read
		d.decode(value, reflectOf(r), at.field(key.Value))
		ways := 0
		for _, given := range []bool{!r.Value.Empty(), r.TextOf.Given(), r.ValueOf.Given(), r.AttrOf != nil, r.CountOf.Given(), r.RowsOf != nil} {
			if given {
				ways++
			}
		}
		if ways != 1 && value.Tag != "!!null" {
			d.FaultAt(d.Pos(key), at.field(key.Value).path, "give one of value, text_of, value_of, attribute_of, count_of and rows_of")
		}
		r.context, r.place = d.values, at.field(key.Value).path+" ("+d.Pos(key).String()+")"
		d.checkRead(key, value, r, at.field(key.Value))
	}
}

// checkRead finds settings of a value that cannot apply to it.
func (d *decoder) checkRead(key, n *yaml.Node, r *Read, at cursor) {
	if n.Kind != yaml.MappingNode {
		return
	}
	number := r.Type == "int" || r.Type == "number" || r.Type == "money"
	for _, one := range []struct {
		name  string
		wrong bool
		why   string
	}{
		{"type", r.RowsOf != nil, "a list of rows has no type: give one to its fields"},
		{"match", r.RowsOf != nil, "a list of rows has no text: give match to its fields"},
		{"format", r.Type != "date", "format goes with type: date"},
		{"decimal", !number, "decimal goes with type: int, number or money"},
		{"locale", r.Type != "date" && !number, "locale goes with type: date, int, number or money"},
		{"absent", !r.OnPage() || r.CountOf.Given(), "absent goes with what is read of an element of the page"},
	} {
		if document.Has(n, one.name) && one.wrong {
			d.FaultAt(d.Pos(key), at.path, "%s", one.why)
		}
	}
	if r.Locale != "" {
		if err := CheckLocale(r.Locale); err != nil {
			d.FaultAt(d.Pos(document.Find(n, "locale")), at.path, "%v", err)
		}
	}
}

// RowsOf reads a list of rows.
type RowsOf struct {
	Rows   Target `yaml:"rows" required:"true" doc:"the rows"`
	Skip   Target `yaml:"skip" doc:"what marks a row that is none, as one of totals: the row itself, or an element in it"`
	Span   int    `yaml:"span" default:"1" min:"1" doc:"how many elements that match, one after the other, make a row, as 2 where each has two lines; fields are looked for in all of them"`
	Fields Fields `yaml:"fields" required:"true" doc:"the names of a row's values and what they are read from, within the row"`
}
