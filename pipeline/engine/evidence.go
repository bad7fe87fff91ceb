package engine

import (
	"context"
	"io"
	"os"

	"pipe/pipeline"
)

// setAside keeps a file that is refused as evidence.
func setAside(ctx context.Context, reporter *pipeline.Reporter, a *Attempt, f pipeline.Staged) {
	if _, err := f.SetAside(a.job.item.Key); err != nil {
		reporter.Warn(ctx, "the file could not be kept as evidence", "item", a.job.item.Key, "error", err)
	}
}

// wrongTextLimit is how much of a wrong file is looked at.
const wrongTextLimit = 64 << 10

// textOf reads the start of a file that is not what it should be: as a rule, a
// page that says why.
func textOf(f pipeline.Staged) string {
	file, err := os.Open(f.Path())
	if err != nil {
		return ""
	}
	defer func() { _ = file.Close() }()
	head, err := io.ReadAll(io.LimitReader(file, wrongTextLimit))
	if err != nil {
		return ""
	}
	return pipeline.HTMLText(head)
}
