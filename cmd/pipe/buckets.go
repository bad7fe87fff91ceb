//go:build buckets

package main

import (
	"context"

	"pipe/pipeline/artifact"
	"pipe/pipeline/artifact/bucket"
)

func init() {
	buckets = artifact.Buckets{
		Schemes: bucket.Schemes(),
		Open:    func(ctx context.Context, address string) (artifact.Bucket, error) { return bucket.Open(ctx, address) },
	}
}
