package ledger

import (
	"bytes"
	"database/sql"
	"encoding/json"
	"fmt"
	"math"
	"strconv"
	"time"

	"pipe/pipeline"
)

// stamp is a time as the ledger keeps it; the zero time is NULL.
func stamp(t time.Time) sql.NullInt64 {
	return sql.NullInt64{Int64: t.UnixNano(), Valid: !t.IsZero()}
}

// moment is the time that stamp kept.
func moment(n sql.NullInt64) time.Time {
	if !n.Valid {
		return time.Time{}
	}
	return time.Unix(0, n.Int64).UTC()
}

// boolToInt is a bool as the ledger keeps it.
func boolToInt(b bool) int64 {
	if b {
		return 1
	}
	return 0
}

// encodeRecord turns a record into JSON text. JSON has no NaN and no infinity;
// they are kept as text, since a record must not be lost for them.
func encodeRecord(record []pipeline.Field) (string, error) {
	fields := make([]pipeline.Field, len(record))
	for i, field := range record {
		field.Value = finite(field.Value)
		fields[i] = field
	}
	text, err := json.Marshal(fields)
	if err != nil {
		return "", fmt.Errorf("encoding its record: %w", err)
	}
	return string(text), nil
}

// finite puts a text in the place of what JSON has no number for.
func finite(v any) any {
	switch v := v.(type) {
	case float64:
		if math.IsNaN(v) || math.IsInf(v, 0) {
			return strconv.FormatFloat(v, 'g', -1, 64)
		}
	case []any:
		list := make([]any, len(v))
		for i := range v {
			list[i] = finite(v[i])
		}
		return list
	case map[string]any:
		members := make(map[string]any, len(v))
		for name := range v {
			members[name] = finite(v[name])
		}
		return members
	}
	return v
}

// decodeRecord is the way back. Whole numbers become int64, others float64.
func decodeRecord(text string) ([]pipeline.Field, error) {
	decoder := json.NewDecoder(bytes.NewBufferString(text))
	decoder.UseNumber()
	var fields []pipeline.Field
	if err := decoder.Decode(&fields); err != nil {
		return nil, fmt.Errorf("decoding a record: %w", err)
	}
	for i, field := range fields {
		number, ok := field.Value.(json.Number)
		if !ok {
			continue
		}
		if whole, err := number.Int64(); err == nil {
			fields[i].Value = whole
			continue
		}
		float, err := number.Float64()
		if err != nil {
			return nil, fmt.Errorf("decoding field %q of a record: %w", field.Name, err)
		}
		fields[i].Value = float
	}
	return fields, nil
}

// encodeFound keeps the values of named steps, all or, when there is one that
// JSON does not have, none: they only serve to ask again.
func encodeFound(found map[string]any) string {
	text, err := json.Marshal(found)
	if err != nil || found == nil {
		return "{}"
	}
	return string(text)
}

// encodePhases keeps each phase in nanoseconds.
func encodePhases(phases map[string]time.Duration) (string, error) {
	if phases == nil {
		return "{}", nil
	}
	text, err := json.Marshal(phases)
	if err != nil {
		return "", fmt.Errorf("encoding its phases: %w", err)
	}
	return string(text), nil
}

func decodePhases(text string) (map[string]time.Duration, error) {
	var phases map[string]time.Duration
	if err := json.Unmarshal([]byte(text), &phases); err != nil {
		return nil, fmt.Errorf("decoding an attempt's phases: %w", err)
	}
	return phases, nil
}

// base is the run from which on the sight of an item makes it count as in: the
// newest one that read its whole source, or 0.
const base = `(SELECT COALESCE(MAX(number), 0) FROM runs WHERE partial = 0 AND source_read = 1)`

// encodeRow keeps the row that an item was done with.
func encodeRow(fields map[string]any) (sql.NullString, error) {
	if fields == nil {
		return sql.NullString{}, nil
	}
	text, err := json.Marshal(fields)
	if err != nil {
		return sql.NullString{}, fmt.Errorf("encoding its fields: %w", err)
	}
	return sql.NullString{String: string(text), Valid: true}, nil
}
