package specs

import (
	"fmt"
	"path/filepath"
	"regexp"
	"slices"
	"strings"

	"gopkg.in/yaml.v3"

	"pipe/specs/document"
	"pipe/specs/expr"
)

// Record is what is kept of each item.
type Record struct {
	Fields Fields     `yaml:"fields" doc:"the record's fields, in the order of the spec"`
	To     []RecordTo `yaml:"to" example:"records.csv" doc:"where the records go: files in the output folder, and tables of databases"`
}

// RecordTo is a place where records go: a file or a table.
type RecordTo struct {
	File string       `yaml:"file" short:"true" example:"records.csv" doc:"a file in the output folder, .csv, .jsonl or .xlsx"`
	SQL  *RecordTable `yaml:"sql" doc:"a table of a database: a column for the key, one for each field and one for the files' names; made if it is not there; each record is put in place of that with its key"`
}

// RecordTable is a table of a database.
type RecordTable struct {
	DSN   expr.Location `yaml:"dsn" required:"true" scope:"spec" example:"${{ secret.DATABASE }}" doc:"the database: postgres://user:password@host/name or sqlite:path; keep a password in a secret"`
	Table string        `yaml:"table" required:"true" example:"vehicles" doc:"the table, with its schema or without"`
}

// tableName is what a table can be called here: no quotation is needed, and
// nobody is surprised.
var tableName = regexp.MustCompile(`^[A-Za-z_][A-Za-z0-9_]{0,62}(\.[A-Za-z_][A-Za-z0-9_]{0,62})?$`)

func (d *decoder) checkRecord(root *yaml.Node, s *Spec) {
	record := document.Find(root, "record")
	var files []string
	for i, to := range s.Record.To {
		at := document.Find(record, "to")
		if at.Kind == yaml.SequenceNode && i < len(at.Content) {
			at = at.Content[i]
		}
		ext := filepath.Ext(to.File)
		switch {
		case to.SQL != nil && to.File != "" || to.SQL == nil && to.File == "":
			d.FaultAt(d.Pos(at), "record.to", "give a file or sql")
		case to.SQL != nil:
			d.checkRecordTable(document.Find(at, "sql"), to.SQL)
		case ext != ".csv" && ext != ".jsonl" && ext != ".xlsx":
			d.FaultAt(d.Pos(at), "record.to", "%q is none of .csv, .jsonl and .xlsx", to.File)
		default:
			if err := CheckRecordFile(to.File, files); err != nil {
				d.FaultAt(d.Pos(at), "record.to", "%v", err)
			}
			files = append(files, to.File)
		}
	}
}

// ownFolders are those that the program has in an output folder.
var ownFolders = []string{"files", "evidence", "screenshots", "sessions", ".staging"}

// CheckRecordFile finds why a record file cannot have its name in the output folder,
// beside the record files before it. Names that some file system takes for the same
// are the same.
func CheckRecordFile(name string, before []string) error {
	if !filepath.IsLocal(name) {
		return fmt.Errorf("%q leaves the output folder", name)
	}
	folded := foldPath(name)
	top, _, _ := strings.Cut(folded, "/")
	if own := slices.IndexFunc(ownFolders, func(own string) bool { return FoldName(own) == top }); own >= 0 {
		return fmt.Errorf("%q is in the program's own %s/, where another file may come under its name: put it elsewhere", name, ownFolders[own])
	}
	for _, other := range before {
		switch taken := foldPath(other); {
		case taken == folded:
			return fmt.Errorf("%q and %q are one file, and each would be written over the other: give them two names", other, name)
		case strings.HasPrefix(folded, taken+"/"), strings.HasPrefix(taken, folded+"/"):
			return fmt.Errorf("%q and %q cannot both be there: one of them is a file where the other has a folder", other, name)
		}
	}
	return nil
}

func foldPath(name string) string { return FoldName(filepath.ToSlash(filepath.Clean(name))) }

func (d *decoder) checkRecordTable(n *yaml.Node, to *RecordTable) {
	if n.Kind != yaml.MappingNode {
		return // it has been told
	}
	d.checkDSN(document.Find(n, "dsn"), to.DSN, "record.to.sql.dsn", "sqlite", "postgres", "postgresql")
	if to.Table != "" && !tableName.MatchString(to.Table) {
		d.FaultAt(d.Pos(document.Find(n, "table")), "record.to.sql.table", "%q cannot name a table: use letters, digits and underscores, as vehicles or stock.vehicles", to.Table)
	}
}
