package ledger

import (
	"context"
	"database/sql"
	"embed"
	"errors"
	"fmt"
	"io/fs"
	"net/url"
	"os"
	"path/filepath"
	"strings"

	"github.com/pressly/goose/v3"
	_ "modernc.org/sqlite" // the driver "sqlite"
)

//go:embed migrations/*.sql
var migrations embed.FS

// Open opens the ledger in the file at path for reading and writing. It creates
// the file and its folders when they are not there, and brings an older ledger
// up to date.
func Open(ctx context.Context, path string) (*Ledger, error) {
	led, err := open(ctx, path)
	if err != nil {
		return nil, fmt.Errorf("opening ledger %s: %w", path, err)
	}
	return led, nil
}

func open(ctx context.Context, path string) (*Ledger, error) {
	if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil { //nolint:gosec // the folder is the user's to share
		return nil, err
	}
	writer, err := connect(path, url.Values{
		"_txlock":       {"immediate"},
		"_journal_mode": {"WAL"},
		"_synchronous":  {"FULL"},
		"_foreign_keys": {"1"},
	})
	if err != nil {
		return nil, err
	}
	writer.SetMaxOpenConns(1)
	if err := migrate(ctx, writer); err != nil {
		return nil, errors.Join(err, writer.Close())
	}
	reader, err := connect(path, url.Values{"mode": {"ro"}})
	if err != nil {
		return nil, errors.Join(err, writer.Close())
	}
	l := &Ledger{writer: writer, reader: reader}
	if err := l.prepare(ctx); err != nil {
		return nil, errors.Join(err, l.Close())
	}
	return l, nil
}

// OpenReadOnly opens the ledger in the file at path for reading, also while a
// run writes it. The error is [fs.ErrNotExist] when there is no such file. All
// methods that write fail.
func OpenReadOnly(ctx context.Context, path string) (*Ledger, error) {
	if _, err := os.Stat(path); err != nil {
		if errors.Is(err, fs.ErrNotExist) {
			return nil, fmt.Errorf("there is no ledger at %s, nothing has run there yet: %w", path, fs.ErrNotExist)
		}
		return nil, fmt.Errorf("opening ledger %s: %w", path, err)
	}
	reader, err := connect(path, url.Values{"mode": {"ro"}})
	if err != nil {
		return nil, fmt.Errorf("opening ledger %s: %w", path, err)
	}
	if err := checkVersion(ctx, reader); err != nil {
		return nil, errors.Join(fmt.Errorf("opening ledger %s: %w", path, err), reader.Close())
	}
	return &Ledger{writer: reader, reader: reader}, nil
}

// connect prepares a pool of connections; the first use opens the file.
func connect(path string, params url.Values) (*sql.DB, error) {
	abs, err := filepath.Abs(path)
	if err != nil {
		return nil, err
	}
	slashed := filepath.ToSlash(abs)
	if !strings.HasPrefix(slashed, "/") { // C:/…
		slashed = "/" + slashed
	}
	// A status command in another process may hold the file for a moment.
	params.Set("_busy_timeout", "10000")
	name := url.URL{Scheme: "file", Path: slashed, RawQuery: params.Encode()}
	return sql.Open("sqlite", name.String())
}

func newProvider(db *sql.DB) (*goose.Provider, error) {
	dir, err := fs.Sub(migrations, "migrations")
	if err != nil {
		return nil, err
	}
	return goose.NewProvider(goose.DialectSQLite3, db, dir, goose.WithDisableGlobalRegistry(true))
}

// migrate brings the tables up to date.
func migrate(ctx context.Context, db *sql.DB) error {
	provider, err := newProvider(db)
	if err != nil {
		return fmt.Errorf("reading the migrations: %w", err)
	}
	have, want, err := provider.GetVersions(ctx)
	if err != nil {
		return err
	}
	if have > want {
		return newerError(have, want)
	}
	if _, err := provider.Up(ctx); err != nil {
		return fmt.Errorf("bringing its tables up to date: %w", err)
	}
	return nil
}

// checkVersion makes sure that the tables are those that this program knows.
func checkVersion(ctx context.Context, db *sql.DB) error {
	// Asked of a file without its table, goose would try to create it, thrice.
	var rows int
	err := db.QueryRowContext(ctx, `SELECT COUNT(*) FROM `+goose.DefaultTablename).Scan(&rows)
	if err != nil {
		return fmt.Errorf("it is no ledger, or a run is just creating it: %w", err)
	}
	provider, err := newProvider(db)
	if err != nil {
		return fmt.Errorf("reading the migrations: %w", err)
	}
	have, want, err := provider.GetVersions(ctx)
	switch {
	case err != nil:
		return fmt.Errorf("reading the version of its tables: %w", err)
	case have > want:
		return newerError(have, want)
	case have < want:
		return fmt.Errorf("its tables are of version %d and this program needs %d: start a run to bring them up to date", have, want)
	}
	return nil
}

func newerError(have, want int64) error {
	return fmt.Errorf("a newer release of this program wrote it (tables of version %d, this one knows %d): use that release", have, want)
}
