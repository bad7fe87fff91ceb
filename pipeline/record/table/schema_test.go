package table_test

import (
	"strings"
	"testing"

	"pipe/pipeline/record/table"
)

// A table that is named with its schema is the one without, and found again by
// the next run.
func TestTableWithSchema(t *testing.T) {
	databases(t, func(t *testing.T, h *house) {
		names := []string{"public.vehicles", "vehicles", "public.vehicles"}
		if strings.HasPrefix(h.dsn, "sqlite") {
			names = []string{"main.vehicles", "vehicles", "MAIN.Vehicles", "main.vehicles"}
		}
		for i, name := range names {
			h.done(t, string(rune('A'+i)), record(float64(i))...)
			w, err := table.Open(t.Context(), h, table.Options{DSN: h.dsn, Table: name, Fields: fields})
			if err != nil {
				t.Fatalf("%s, opened for the %d. time: %v", name, i+1, err)
			}
			check(t, w.Write(t.Context()))
			check(t, w.Close())
			if n := len(h.rows(t, `select "key" from vehicles`)); n != i+1 {
				t.Errorf("%s: %d records, want %d", name, n, i+1)
			}
		}
	})
}

// No record goes where it is gone with the connection.
func TestTemporaryTable(t *testing.T) {
	t.Parallel()
	h := newHouse(t, "sqlite", ":memory:", "sqlite:"+t.TempDir()+"/a.sqlite")
	if _, err := table.Open(t.Context(), h, table.Options{DSN: h.dsn, Table: "temp.vehicles", Fields: fields}); err == nil || !strings.Contains(err.Error(), "take main") {
		t.Errorf("got %v", err)
	}
}
