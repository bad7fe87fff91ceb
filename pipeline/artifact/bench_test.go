package artifact

import (
	"testing"

	"pipe/pipeline"
	"pipe/pipeline/practice"
)

// BenchmarkProve proves one report of the practice site: by its type alone, and by its
// text, which is read for it.
func BenchmarkProve(b *testing.B) {
	v := practice.Vehicle{Reference: "24K0173", VIN: "1FTFW1E50PFA00001", Year: 2023, Make: "Ford", Model: "F-150", Price: 46120, Days: 12}
	report, err := practice.Report(v)
	if err != nil {
		b.Fatal(err)
	}
	s := newStore(b, Options{})
	staged := stage(b, s, report)
	for _, by := range []struct {
		name string
		want pipeline.Expectation
	}{{"type", pipeline.Expectation{Type: "pdf"}}, {"text", pipeline.Expectation{Type: "pdf", Contains: []string{v.Reference}}}} {
		b.Run("by="+by.name, func(b *testing.B) {
			for b.Loop() {
				if _, err := s.Prove(b.Context(), staged, by.want); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}
