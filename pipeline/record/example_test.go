package record_test

import (
	"context"
	"fmt"
	"io"
	"iter"
	"os"
	"testing"

	"pipe/pipeline"
	"pipe/pipeline/record"
)

// shown is a ledger with two done items.
type shown struct{}

func (shown) Records(context.Context) iter.Seq2[pipeline.RecordRow, error] {
	return func(yield func(pipeline.RecordRow, error) bool) {
		_ = yield(pipeline.RecordRow{Key: "24K0173", Fields: []pipeline.Field{{Name: "pages", Value: 3}}}, nil) &&
			yield(pipeline.RecordRow{Key: "24K0174", Fields: []pipeline.Field{{Name: "owner", Value: "Ann, Bob"}}}, nil)
	}
}

func ExampleWriter() {
	write, err := record.Writer(shown{}, record.CSV, nil)
	if err == nil {
		err = write(context.Background(), os.Stdout)
	}
	if err != nil {
		fmt.Println(err)
	}
	// Output:
	// key,pages,owner
	// 24K0173,3,
	// 24K0174,,"Ann, Bob"
}

func TestUnknownFormat(t *testing.T) {
	t.Parallel()
	_, err := record.Writer(shown{}, "xml", nil)
	if want := `unknown format "xml", use csv, jsonl or xlsx`; err == nil || err.Error() != want {
		t.Errorf("got %v, want %q", err, want)
	}
	if write, err := record.Writer(shown{}, record.JSONL, nil); err != nil || write(t.Context(), io.Discard) != nil {
		t.Error("JSONL is refused")
	}
}
