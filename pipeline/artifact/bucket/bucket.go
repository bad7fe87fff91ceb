// Package bucket reaches the buckets of cloud providers, by the drivers of
// gocloud.dev. They are half of a program that links them, so package artifact
// does not import this one: it says what it needs of a bucket, and a program
// that wants buckets hands it Open. The package knows nothing of what is stored
// and imports none of the project's.
package bucket

import (
	"context"
	"errors"
	"io"
	"time"

	"gocloud.dev/blob"
	_ "gocloud.dev/blob/azureblob" // azblob://
	_ "gocloud.dev/blob/gcsblob"   // gs://
	_ "gocloud.dev/blob/memblob"   // mem://
	_ "gocloud.dev/blob/s3blob"    // s3://
	"gocloud.dev/gcerrors"
)

// Schemes are those that an address may begin with.
func Schemes() []string { return blob.DefaultURLMux().BucketSchemes() }

// Bucket is an open bucket. All its errors but [io.EOF] are an *Error.
type Bucket struct{ bucket *blob.Bucket }

// Open opens the bucket of an address. It may ask nothing of the provider yet.
func Open(ctx context.Context, address string) (*Bucket, error) {
	b, err := blob.OpenBucket(ctx, address)
	if err != nil {
		return nil, coded(err)
	}
	return &Bucket{b}, nil
}

// Upload writes a file, which is there once it is whole, and not at all when
// reading from content fails or the provider finds another MD5 sum.
func (b *Bucket) Upload(ctx context.Context, name string, content io.Reader, md5 []byte, contentType string) error {
	return coded(b.bucket.Upload(ctx, name, content, &blob.WriterOptions{ContentMD5: md5, ContentType: contentType}))
}

// Attributes tells the size of a file, and its MD5 sum if the provider knows one.
func (b *Bucket) Attributes(ctx context.Context, name string) (size int64, md5 []byte, err error) {
	is, err := b.bucket.Attributes(ctx, name)
	if err != nil {
		return 0, nil, coded(err)
	}
	return is.Size, is.MD5, nil
}

// Read opens a file; the context is for the reading too.
func (b *Bucket) Read(ctx context.Context, name string) (io.ReadCloser, error) {
	r, err := b.bucket.NewReader(ctx, name, nil)
	if err != nil {
		return nil, coded(err)
	}
	return &reader{r}, nil
}

// reader hides the WriteTo of the one within, whose errors have no code.
type reader struct{ r *blob.Reader }

func (r *reader) Read(p []byte) (int, error) {
	n, err := r.r.Read(p)
	return n, coded(err)
}

func (r *reader) Close() error { return coded(r.r.Close()) }

// Delete removes a file.
func (b *Bucket) Delete(ctx context.Context, name string) error {
	return coded(b.bucket.Delete(ctx, name))
}

// List gives a function that tells the next file at each call, and [io.EOF]
// after the last.
func (b *Bucket) List() func(ctx context.Context) (name string, modified time.Time, err error) {
	files := b.bucket.List(nil)
	return func(ctx context.Context) (string, time.Time, error) {
		file, err := files.Next(ctx)
		if err != nil {
			return "", time.Time{}, coded(err)
		}
		return file.Key, file.ModTime, nil
	}
}

// Close closes the bucket.
func (b *Bucket) Close() error { return coded(b.bucket.Close()) }

// Error is a provider's error with the sort that it is of.
type Error struct {
	code gcerrors.ErrorCode
	err  error
}

func coded(err error) error {
	if err == nil || errors.Is(err, io.EOF) {
		return err
	}
	return &Error{gcerrors.Code(err), err}
}

func (e *Error) Error() string { return e.err.Error() }

func (e *Error) Unwrap() error { return e.err }

// BucketCode is the sort: NotFound, PermissionDenied, InvalidArgument and so on,
// and Unknown for what is none of them.
func (e *Error) BucketCode() string { return e.code.String() }
