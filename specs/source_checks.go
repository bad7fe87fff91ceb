package specs

import (
	"net/url"
	"reflect"
	"slices"
	"strings"

	"gopkg.in/yaml.v3"

	"pipe/specs/document"
	"pipe/specs/expr"
)

// kinds lists the kinds of sources, and how many are given.
func (s *Source) kinds() (names []string, given int) {
	v := reflectOf(s)
	for i := range v.NumField() {
		if f := v.Type().Field(i); f.Tag.Get("kind") == "true" {
			names = append(names, f.Tag.Get("yaml"))
			if v.Field(i).Kind() == reflect.Pointer && !v.Field(i).IsNil() {
				given++
			}
		}
	}
	return names, given
}

func (d *decoder) checkSource(root *yaml.Node, s *Spec) {
	n := document.Find(root, "source")
	if n == root {
		return // it is missing, which has been told
	}
	names, given := s.Source.kinds()
	last := len(names) - 1
	if given != 1 {
		d.FaultAt(d.Pos(n), "source", "give one of %s and %s", strings.Join(names[:last], ", "), names[last])
	}
	for kind, is := range map[string]bool{
		"csv":    s.Source.CSV != nil && s.Source.CSV.Header > 0 && len(s.Source.CSV.Columns) > 0,
		"export": s.Source.Export != nil && s.Source.Export.Header > 0 && len(s.Source.Export.Columns) > 0,
	} {
		if is {
			d.FaultAt(d.Pos(document.Find(document.Find(n, kind), "header")), "source."+kind+".header", "columns are for a file without a header: give one of the two")
		}
	}
	for _, kind := range []string{"json", "export"} {
		of := document.Find(n, kind)
		at := document.Find(of, "at")
		if at != of && at.Kind == yaml.ScalarNode && at.Value != "" && !strings.HasPrefix(at.Value, "/") {
			d.FaultAt(d.Pos(at), "source."+kind+".at", "%q is no JSON pointer: it begins with a slash, as /data/vehicles", at.Value)
		}
	}
	if s.Source.SQL != nil {
		d.checkDSN(document.Find(document.Find(n, "sql"), "dsn"), s.Source.SQL.DSN, "source.sql.dsn", "sqlite", "postgres", "postgresql", "mysql", "mariadb")
	}
}

// checkDSN finds a database that is not known, and a password that is in git.
func (d *decoder) checkDSN(n *yaml.Node, t expr.Location, path string, schemes ...string) {
	dsn := t.Raw()
	if dsn == "" || strings.HasPrefix(dsn, "${{") {
		return
	}
	scheme, _, _ := strings.Cut(dsn, ":")
	if !slices.Contains(schemes, scheme) {
		d.FaultAt(d.Pos(n), path, "want %s", dsnForms(schemes))
		return
	}
	if u, err := url.Parse(dsn); err == nil && u.User != nil && !strings.Contains(dsn, "${{") {
		if _, written := u.User.Password(); written {
			// Without its line, which would be one more place with the password.
			d.Faults = append(d.Faults, document.Fault{Pos: d.Pos(n), Path: path, Message: "the password is written in the spec: put it into a secret, as ${{ secret.DATABASE }}"})
		}
	}
}

// dsnForms tells how a database's address may look.
func dsnForms(schemes []string) string {
	if slices.Contains(schemes, "mysql") {
		return "sqlite:PATH, postgres://HOST/NAME or mysql://HOST/NAME"
	}
	return "sqlite:PATH or postgres://HOST/NAME"
}

// sourceColumns finds which columns item has.
func (d *decoder) sourceColumns(root *yaml.Node, s *Spec, opts Options) {
	c := s.Source.CSV
	if c == nil {
		return
	}
	if len(c.Columns) > 0 {
		d.env.Item = ColumnNames(TableColumns(c.Columns))
		return
	}
	path := c.Path.Raw()
	if opts.Columns == nil || path == "" || path == "-" || strings.Contains(path, "${{") || strings.Contains(path, "://") {
		return
	}
	columns, err := opts.Columns(path, c)
	if err != nil {
		d.FaultAt(d.Pos(document.Find(root, "source")), "source.csv", "%v", err)
	}
	d.env.Item = columns
}
