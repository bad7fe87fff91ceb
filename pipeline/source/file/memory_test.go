package file

import (
	"bufio"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"runtime"
	"testing"

	"pipe/pipeline"
)

// rowsReader makes up a CSV file of many rows as it is read.
type rowsReader struct {
	next, rows int
	rest       []byte
}

func (r *rowsReader) Read(p []byte) (int, error) {
	if len(r.rest) == 0 {
		switch {
		case r.next > r.rows:
			return 0, io.EOF
		case r.next == 0:
			r.rest = []byte("Stock Number,VIN,Make,Model\n")
		default:
			r.rest = fmt.Appendf(r.rest[:0], "24K%07d,1FTFW1E5%09d,Ford,\"F-150, XL\"\n", r.next, r.next)
		}
		r.next++
	}
	n := copy(p, r.rest)
	r.rest = r.rest[n:]
	return n, nil
}

// heapAfter reads a file and returns the most live heap on the way, in bytes.
func heapAfter(t testing.TB, rows int) (most uint64) {
	t.Helper()
	var stats runtime.MemStats
	seen := 0
	for row, err := range CSV(t.Context(), &rowsReader{rows: rows}, CSVOptions{}) {
		if err != nil {
			t.Fatal(err)
		}
		seen++
		if seen%(rows/10) == 0 {
			runtime.GC()
			runtime.ReadMemStats(&stats)
			most = max(most, stats.HeapAlloc)
		}
		runtime.KeepAlive(row)
	}
	if seen != rows {
		t.Fatalf("%d rows of %d", seen, rows)
	}
	return most
}

// Not parallel: other tests would be in the figures.
func TestMemoryIsFlat(t *testing.T) {
	small, large := heapAfter(t, 1_000), heapAfter(t, 200_000)
	if large > small+1<<20 {
		t.Errorf("1,000 rows take %d KiB, 200,000 rows %d KiB", small>>10, large>>10)
	}
}

func BenchmarkCSVMillionRows(b *testing.B) {
	b.ReportAllocs()
	for b.Loop() {
		b.ReportMetric(float64(heapAfter(b, 1_000_000))/(1<<20), "heap-MiB")
	}
}

// heapOf reads a table of so many rows and returns the most live heap on the
// way, in bytes.
func heapOf(t *testing.T, table pipeline.Table, rows int) (most uint64) {
	t.Helper()
	var stats runtime.MemStats
	seen := 0
	for _, err := range Read(t.Context(), table) {
		must(t, err)
		if seen++; seen%(rows/5) == 0 {
			runtime.GC()
			runtime.ReadMemStats(&stats)
			most = max(most, stats.HeapAlloc)
		}
	}
	if seen != rows {
		t.Fatalf("%d rows of %d", seen, rows)
	}
	return most
}

// Not parallel, as above.
func TestManyRowsAreFlat(t *testing.T) { flat(t, 200_000) }

// flat wants many rows to take no more memory than a few.
func flat(t *testing.T, many int) {
	t.Helper()
	for _, format := range []string{"csv", "jsonl", "json"} {
		var heap [2]uint64
		for i, rows := range []int{1_000, many} {
			heap[i] = heapOf(t, pipeline.Table{Format: format, Path: manyRows(t, format, rows)}, rows)
		}
		if heap[1] > heap[0]+2<<20 {
			t.Errorf("%s: 1,000 rows take %d KiB, %d rows %d KiB", format, heap[0]>>10, many, heap[1]>>10)
		}
	}
}

func manyRows(t *testing.T, format string, rows int) string {
	t.Helper()
	f, err := os.Create(filepath.Join(t.TempDir(), "rows."+format))
	must(t, err)
	out := bufio.NewWriter(f)
	between := map[string]string{"csv": "\n", "jsonl": "\n", "json": ",\n"}[format]
	fmt.Fprint(out, map[string]string{"csv": "stock,vin", "json": "["}[format])
	for i := range rows {
		if i > 0 || format == "csv" {
			fmt.Fprint(out, between)
		}
		if format == "csv" {
			fmt.Fprintf(out, "24K%07d,1FTFW1E5%09d", i, i)
		} else {
			fmt.Fprintf(out, `{"stock": "24K%07d", "vin": "1FTFW1E5%09d"}`, i, i)
		}
	}
	fmt.Fprint(out, map[string]string{"json": "]"}[format])
	must(t, out.Flush())
	must(t, f.Close())
	return f.Name()
}
