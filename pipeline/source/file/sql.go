package file

import (
	"bufio"
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net"
	"net/url"
	"os"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/go-sql-driver/mysql"
	_ "github.com/jackc/pgx/v5/stdlib" // Postgres
	_ "modernc.org/sqlite"             // SQLite

	"pipe/pipeline"
	"pipe/specs"
)

// dialLimit bounds the wait for a server that does not answer at all.
const dialLimit = 30 * time.Second

// query keeps the rows of a query as JSON lines, so that the database's
// transaction is over before the first item is done.
func query(ctx context.Context, t pipeline.Table) (io.ReadCloser, error) {
	if t.Limit > 0 {
		var cancel context.CancelFunc
		ctx, cancel = context.WithTimeout(ctx, t.Limit)
		defer cancel()
	}
	db, err := openDatabase(t.DSN)
	if err != nil {
		return nil, fmt.Errorf("the source's database: %w", err)
	}
	defer func() { _ = db.Close() }()
	file, err := newSpool()
	if err != nil {
		return nil, err
	}
	if err = keepRows(ctx, db, t.Query, file); err == nil {
		err = file.rewind()
	}
	if err != nil {
		_ = file.Close()
		return nil, fmt.Errorf("the source's query: %w", err)
	}
	return file, nil
}

// openDatabase opens a database for reading. Its errors name no part of the
// DSN, which may be a secret as a whole.
func openDatabase(dsn string) (*sql.DB, error) {
	scheme, rest, _ := strings.Cut(dsn, ":")
	switch scheme {
	case "postgres", "postgresql":
		db, err := sql.Open("pgx", dsn)
		if err != nil {
			return nil, errors.New("its dsn is not like postgres://user:password@host:5432/name")
		}
		return db, nil
	case "sqlite":
		path := strings.TrimPrefix(rest, "//")
		if _, err := os.Stat(path); err != nil {
			return nil, err
		}
		return sql.Open("sqlite", (&url.URL{Scheme: "file", Opaque: url.PathEscape(path), RawQuery: "mode=ro&_pragma=busy_timeout(10000)"}).String())
	case "mysql", "mariadb":
		return openMySQL(dsn)
	default:
		return nil, errors.New("its dsn is like none of sqlite:path, postgres://user:password@host/name and mysql://user:password@host/name")
	}
}

// openMySQL opens MySQL or MariaDB by an address; its driver knows another form.
func openMySQL(dsn string) (*sql.DB, error) {
	wrong := errors.New("its dsn is not like mysql://user:password@host:3306/name")
	u, err := url.Parse(dsn)
	if err != nil || u.Hostname() == "" || strings.Trim(u.Path, "/") == "" {
		return nil, wrong
	}
	// The parameters are the driver's own, such as tls=true.
	config, err := mysql.ParseDSN("/?" + u.RawQuery)
	if err != nil {
		return nil, fmt.Errorf("%w, or a parameter of it is not known", wrong)
	}
	port := u.Port()
	if port == "" {
		port = "3306"
	}
	config.Net, config.Addr, config.DBName = "tcp", net.JoinHostPort(u.Hostname(), port), strings.Trim(u.Path, "/")
	config.User = u.User.Username()
	config.Passwd, _ = u.User.Password()
	config.ParseTime, config.Timeout = true, dialLimit
	// Its errors come back as errors; it need not write them beside the run's.
	config.Logger = &mysql.NopLogger{}
	connector, err := mysql.NewConnector(config)
	if err != nil {
		return nil, wrong
	}
	return sql.OpenDB(connector), nil
}

func keepRows(ctx context.Context, db *sql.DB, text string, to io.Writer) (err error) {
	tx, err := db.BeginTx(ctx, &sql.TxOptions{ReadOnly: true})
	if err != nil {
		return err
	}
	defer func() { _ = tx.Rollback() }()
	rows, err := tx.QueryContext(ctx, text)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, rows.Close()) }()
	names, err := rows.Columns()
	if err != nil {
		return err
	}
	columns := specs.TableColumns(names)
	values, pointers := make([]any, len(names)), make([]any, len(names))
	for i := range values {
		pointers[i] = &values[i]
	}
	out := bufio.NewWriter(to)
	lines := json.NewEncoder(out)
	for rows.Next() {
		if err := rows.Scan(pointers...); err != nil {
			return err
		}
		row := make(map[string]string, len(columns))
		for i, column := range columns {
			row[column.Header] = valueText(values[i])
		}
		if err := lines.Encode(row); err != nil {
			return err
		}
	}
	return errors.Join(rows.Err(), out.Flush())
}

// valueText is a database's value as a CSV file would have it.
func valueText(v any) string {
	switch v := v.(type) {
	case nil:
		return ""
	case []byte:
		if utf8.Valid(v) {
			return string(v)
		}
		return fmt.Sprintf("%x", v)
	case time.Time:
		if v.Equal(v.Truncate(24*time.Hour)) && v.Location() == time.UTC {
			return v.Format(time.DateOnly)
		}
		return v.Format(time.RFC3339Nano)
	default:
		return fmt.Sprint(v)
	}
}
