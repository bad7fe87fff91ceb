package ledger

import (
	"context"
	"database/sql"
	"fmt"
	"strconv"
	"strings"

	"pipe/pipeline"
)

// foundColumns are those of scanItem.
const foundColumns = `key, seq, status, class, reason, step, finished, refresh = 'stale', ` + attemptsOf

const attemptsOf = `(SELECT COUNT(*) FROM attempts a WHERE a.key = items.key)`

// FindItems finds items, and gives a part of them. The reader sees the ledger as it is
// now: a later part may overlap with this one where items have changed in between.
func (l *Ledger) FindItems(ctx context.Context, q pipeline.ItemQuery) (pipeline.ItemPage, error) {
	var page pipeline.ItemPage
	where, args := whereFound(q)
	err := l.reader.QueryRowContext(ctx, `SELECT COUNT(*) FROM items`+where, args...).Scan(&page.Total)
	if err != nil {
		return page, fmt.Errorf("counting the items found: %w", err)
	}
	n, order := len(args), orderFound(q)
	// What is counted of each item is counted of those that are given alone.
	page.Items, err = collect(stream(ctx, l.reader, scanItem, `SELECT `+foundColumns+` FROM items WHERE key IN (
		SELECT key FROM items`+where+order+` LIMIT $`+strconv.Itoa(n+1)+` OFFSET $`+strconv.Itoa(n+2)+`)`+order, append(args, q.Limit, q.Offset)...), "the items found")
	return page, err
}

// FindKeys gives the keys of all items that a query finds, in its order; its Offset and
// Limit do not count.
func (l *Ledger) FindKeys(ctx context.Context, q pipeline.ItemQuery) ([]string, error) {
	where, args := whereFound(q)
	return collect(stream(ctx, l.reader, func(rows *sql.Rows) (key string, err error) {
		return key, rows.Scan(&key)
	}, `SELECT key FROM items`+where+orderFound(q), args...), "the keys found")
}

// stepPath is the step of an item without its place in the spec.
const stepPath = `CASE WHEN INSTR(step, ' (') > 0 THEN SUBSTR(step, 1, INSTR(step, ' (') - 1) ELSE step END`

// whereFound is the condition of a query. What is searched for is no pattern: its
// wildcards are taken as they are.
func whereFound(q pipeline.ItemQuery) (where string, args []any) {
	where = ` WHERE gone = 0`
	add := func(condition string, values ...any) {
		for _, value := range values {
			args = append(args, value)
			condition = strings.ReplaceAll(condition, "?", "$"+strconv.Itoa(len(args)))
		}
		where += ` AND ` + condition
	}
	if q.Status != "" {
		add(`status = ?`, q.Status)
	}
	if q.Cause != nil {
		add(`class = ?`, q.Cause.Class)
		add(stepPath+` = ?`, q.Cause.Step)
	}
	if q.Search != "" {
		pattern := `%` + strings.NewReplacer(`\`, `\\`, `%`, `\%`, `_`, `\_`).Replace(q.Search) + `%`
		add(`(key LIKE ? ESCAPE '\' OR reason LIKE ? ESCAPE '\' OR step LIKE ? ESCAPE '\' OR fields LIKE ? ESCAPE '\')`, pattern)
	}
	return where, args
}

// orderFound is the order of a query: the columns are ours alone.
func orderFound(q pipeline.ItemQuery) string {
	by := map[pipeline.ItemSort]string{
		pipeline.SortBySource: "seq", pipeline.SortByKey: "key", pipeline.SortByStatus: "status",
		pipeline.SortByAttempts: attemptsOf, pipeline.SortByFinished: "COALESCE(finished, 0)",
	}
	direction := ""
	if q.Descending {
		direction = " DESC"
	}
	if q.Sort == pipeline.SortByCause {
		return ` ORDER BY class` + direction + `, ` + stepPath + direction + `, seq, key`
	}
	column, known := by[q.Sort]
	if !known {
		column = "seq"
	}
	return ` ORDER BY ` + column + direction + `, seq, key`
}
