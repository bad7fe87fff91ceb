package ledger

import (
	"context"
	"crypto/sha256"
	"database/sql"
	"encoding/binary"
	"encoding/json"
	"fmt"
	"maps"
	"slices"

	"pipe/pipeline"
)

// queryer is a transaction, or a database.
type queryer interface {
	QueryRowContext(ctx context.Context, query string, args ...any) *sql.Row
	QueryContext(ctx context.Context, query string, args ...any) (*sql.Rows, error)
}

// knownItem is an item as the ledger has it; id is 0 for one that it has not.
type knownItem struct {
	pipeline.Admission
	id, run, seq int64
	gone         bool
	refresh      string
	digest       sql.NullInt64
	doneWith     sql.NullString
	finished     sql.NullInt64
}

// findItems finds what the ledger has of items, in one query: all that is needed to
// tell whether a row is as it was.
func findItems(ctx context.Context, from queryer, items []pipeline.Item) ([]knownItem, error) {
	keys := make([]string, len(items))
	for i := range items {
		keys[i] = items[i].Key
	}
	list, err := json.Marshal(keys)
	if err != nil {
		return nil, err
	}
	// The order of the tables is told, as the planner knows nothing of the list's length.
	rows, err := from.QueryContext(ctx, `
		SELECT j.key, i.rowid, i.run, i.seq, i.gone, i.status, i.counted, i.refresh, i.digest, i.done_with, i.finished
		FROM json_each($1) j CROSS JOIN items i ON i.key = j.value`, string(list))
	if err != nil {
		return nil, err
	}
	defer func() { _ = rows.Close() }() // what it could tell, rows.Err told
	found := make([]knownItem, len(items))
	for rows.Next() {
		var place int
		var k knownItem
		err := rows.Scan(&place, &k.id, &k.run, &k.seq, &k.gone, &k.Status, &k.Counted, &k.refresh, &k.digest, &k.doneWith, &k.finished)
		if err != nil {
			return nil, err
		}
		found[place] = k
	}
	return found, rows.Err()
}

// digestOf is a hash of a row's fields, which stays the same over all releases.
func digestOf(fields map[string]any) (int64, error) {
	text := make([]byte, 0, 256)
	for _, name := range slices.Sorted(maps.Keys(fields)) {
		text = appendPart(text, name)
		if value, is := fields[name].(string); is {
			text = appendPart(append(text, 's'), value)
			continue
		}
		value, err := json.Marshal(fields[name])
		if err != nil {
			return 0, fmt.Errorf("encoding its fields: %w", err)
		}
		text = appendPart(append(text, 'j'), string(value))
	}
	sum := sha256.Sum256(text)
	return int64(binary.BigEndian.Uint64(sum[:])), nil //nolint:gosec // its bits, whatever its sign
}

// appendPart adds a text with its length, so that no two lists of texts come to the
// same bytes.
func appendPart(to []byte, part string) []byte {
	return append(binary.AppendUvarint(to, uint64(len(part))), part...)
}
