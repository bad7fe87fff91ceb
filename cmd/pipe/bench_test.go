package main

import (
	"context"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"testing"
	"time"

	"pipe/cmd/pipe/internal/app"
	"pipe/pipeline/practice"
)

// BenchmarkInventory is the main job on a site that answers at once and takes
// half a second to two for a PDF. Run it as
//
//	go test -run - -bench Inventory -benchtime 60x ./cmd/pipe
//
// where 60 is the number of vehicles.
func BenchmarkInventory(b *testing.B) {
	for _, pages := range []int{1, 3, 7} {
		b.Run(fmt.Sprintf("pages=%d", pages), func(b *testing.B) {
			site, err := practice.Start(b.Context(), practice.Options{
				Vehicles: max(b.N, 1), PDFLatency: practice.Latency{Min: 500 * time.Millisecond, Max: 2 * time.Second},
			})
			if err != nil {
				b.Fatal(err)
			}
			defer func() { _ = site.Close() }()
			spec := filepath.Join(b.TempDir(), "inventory.yaml")
			if err := os.WriteFile(spec, []byte(shipped(b, "pace: {delay: 1s}", "pace: {delay: 0s}")), 0o600); err != nil {
				b.Fatal(err)
			}
			f := app.RunOptions{Contexts: 1, Pages: pages, Out: b.TempDir(), JSON: true, SpecOptions: app.SpecOptions{Env: map[string]string{
				"INVENTORY_URL": site.URL(), "DEALER_USERNAME": practice.DefaultUser, "DEALER_PASSWORD": practice.DefaultPassword,
			}}}
			began := time.Now()
			if err := app.RunSpec(context.Background(), spec, f, app.Std{Out: io.Discard, Err: io.Discard}); err != nil {
				b.Fatal(err)
			}
			b.ReportMetric(float64(b.N)/time.Since(began).Minutes(), "items/min")
		})
	}
}
