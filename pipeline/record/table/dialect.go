package table

import (
	"context"
	"crypto/sha256"
	"database/sql"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"net/url"
	"path/filepath"
	"slices"
	"strconv"
	"strings"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/stdlib"
	_ "modernc.org/sqlite" // SQLite

	"pipe/pipeline"
)

// dialect is what databases differ in.
type dialect struct {
	// types are by the kind of a field.
	types  map[string]string
	exists func(ctx context.Context, db *sql.DB, table string) (bool, error)
	// same tells whether two names are one column's.
	same func(a, b string) bool
	// value is a value as the driver takes it.
	value func(v any) (any, error)
}

var postgres = dialect{
	types: map[string]string{
		"int": "BIGINT", "number": "DOUBLE PRECISION", "money": "NUMERIC", "date": "DATE", "time": "TIMESTAMP", "bool": "BOOLEAN", "text": "TEXT", "": "TEXT",
	},
	exists: func(ctx context.Context, db *sql.DB, table string) (there bool, err error) {
		var name string
		for i, part := range strings.Split(table, ".") {
			if i > 0 {
				name += "."
			}
			name += quote(part)
		}
		err = db.QueryRowContext(ctx, "SELECT to_regclass($1) IS NOT NULL", name).Scan(&there)
		return there, err
	},
	same: func(a, b string) bool { return a == b },
	// It makes of a text what the column is, whoever made the table.
	value: func(v any) (any, error) {
		text, err := textOf(v)
		if v == nil || err != nil {
			return nil, err
		}
		return strings.ReplaceAll(strings.ToValidUTF8(text, "\ufffd"), "\x00", ""), nil
	},
}

// SQLite keeps a value of any kind in a column of no type.
var sqlite = dialect{
	types: map[string]string{
		"int": "INTEGER", "number": "REAL", "money": "NUMERIC", "date": "DATE", "time": "TIMESTAMP", "bool": "BOOLEAN", "text": "TEXT", "": "",
	},
	exists: func(ctx context.Context, db *sql.DB, table string) (there bool, err error) {
		schema, name, found := strings.Cut(table, ".")
		if !found {
			schema, name = "main", table
		}
		if strings.EqualFold(schema, "temp") {
			return false, errors.New("what SQLite keeps in temp is gone with the connection: take main, or no schema")
		}
		err = db.QueryRowContext(ctx, "SELECT COUNT(*) > 0 FROM pragma_table_info($1, $2)", name, schema).Scan(&there)
		return there, err
	},
	same: strings.EqualFold,
	value: func(v any) (any, error) {
		switch v.(type) {
		case []any, map[string]any:
			return textOf(v)
		default:
			return v, nil
		}
	},
}

// textOf is a value as a text; a list or a mapping is JSON.
func textOf(v any) (string, error) {
	switch v := v.(type) {
	case nil:
		return "", nil
	case string:
		return v, nil
	case float64:
		return strconv.FormatFloat(v, 'f', -1, 64), nil
	case []any, []string, map[string]any:
		text, err := json.Marshal(v)
		return string(text), err
	default:
		return fmt.Sprint(v), nil
	}
}

// values are a record's, in the order of the columns. What has none is null.
func (w *Writer) values(row pipeline.RecordRow) ([]any, error) {
	values := make([]any, len(w.columns))
	for i, c := range w.columns {
		var v any
		at := slices.IndexFunc(row.Fields, func(f pipeline.Field) bool { return f.Name == c.Name })
		switch {
		case at >= 0:
			v = row.Fields[at].Value
		case c.Name == keyName:
			v = row.Key
		case c.Name == filesName:
			names, err := textOf(append([]string{}, row.Files...)) // [] and not null
			if err != nil {
				return nil, err
			}
			v = names
		}
		var err error
		if values[i], err = w.dialect.value(v); err != nil {
			return nil, fmt.Errorf("its %q: %w", c.Name, err)
		}
	}
	return values, nil
}

// connect opens a database and gives what to know it by, without a secret.
func connect(dsn string) (*sql.DB, dialect, string, error) {
	scheme, rest, _ := strings.Cut(dsn, ":")
	switch scheme {
	case "postgres", "postgresql":
		config, err := pgx.ParseConfig(dsn)
		if err != nil {
			return nil, dialect{}, "", errors.New("its dsn is not like postgres://user:password@host:5432/name")
		}
		return stdlib.OpenDB(*config), postgres, known(config.Host, fmt.Sprint(config.Port), config.Database), nil
	case "sqlite":
		path, err := filepath.Abs(strings.TrimPrefix(rest, "//"))
		if err != nil || strings.TrimPrefix(rest, "//") == "" {
			return nil, dialect{}, "", errors.New("its dsn is not like sqlite:path")
		}
		address := url.URL{Scheme: "file", Path: filepath.ToSlash(path), RawQuery: url.Values{
			"_txlock": {"immediate"}, "_pragma": {"busy_timeout(10000)"},
		}.Encode()}
		db, err := sql.Open("sqlite", address.String())
		return db, sqlite, known(path), err
	default:
		return nil, dialect{}, "", errors.New("its dsn is neither like sqlite:path nor like postgres://user:password@host/name")
	}
}

// known makes one word of what a database is known by.
func known(parts ...string) string {
	sum := sha256.Sum256([]byte(strings.Join(parts, "\x00")))
	return hex.EncodeToString(sum[:8])
}
