//go:build buckets

package main

import (
	"context"

	"pipe/cmd/pipe/internal/app"
	"pipe/pipeline/artifact"
	"pipe/pipeline/artifact/bucket"
)

func init() {
	app.Buckets = artifact.Buckets{
		Schemes: bucket.Schemes(),
		Open:    func(ctx context.Context, address string) (artifact.Bucket, error) { return bucket.Open(ctx, address) },
	}
}
