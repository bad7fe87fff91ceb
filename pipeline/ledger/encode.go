package ledger

import (
	"bytes"
	"database/sql"
	"encoding/json"
	"fmt"
	"math"
	"pipe/pipeline"
	"strconv"
	"time"
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

// flag is a bool as the ledger keeps it.
func flag(b bool) int64 {
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
		if f, ok := field.Value.(float64); ok && (math.IsNaN(f) || math.IsInf(f, 0)) {
			field.Value = strconv.FormatFloat(f, 'g', -1, 64)
		}
		fields[i] = field
	}
	text, err := json.Marshal(fields)
	if err != nil {
		return "", fmt.Errorf("encoding its record: %w", err)
	}
	return string(text), nil
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
