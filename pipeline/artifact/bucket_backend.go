package artifact

import (
	"context"
	"crypto/md5" //nolint:gosec // what the providers compare; the ledger has the SHA-256
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"iter"
	"strings"
	"time"

	"github.com/cenkalti/backoff/v5"
	"github.com/gabriel-vasile/mimetype"
)

const (
	// callLimit bounds one call that moves no file.
	callLimit = 30 * time.Second
	// slowest is the least speed, in bytes per second, at which a file moves.
	slowest = 50_000
	// maxKey is the longest key that all providers take, prefix and all.
	maxKey = 1024
)

// probeKey is written when a run starts. No file's name begins with a dot.
const probeKey = ".pipe-probe"

// bucketBackend keeps files in a bucket. A write there is complete before it is
// visible: that is what all its providers promise.
type bucketBackend struct {
	bucket Bucket
	dest   destination
	// waits are those before another try at a write; other than for tests,
	// retryWaits.
	waits []time.Duration
}

// retryWaits bridge a short outage, so that it does not end a night's run.
func retryWaits() []time.Duration {
	return []time.Duration{time.Second, 2 * time.Second, 5 * time.Second, 10 * time.Second, 20 * time.Second}
}

func openBucket(ctx context.Context, d destination, buckets Buckets) (*bucketBackend, error) {
	ctx, cancel := context.WithTimeout(ctx, callLimit)
	defer cancel()
	b, err := buckets.Open(ctx, d.bucket.String())
	if err != nil {
		return nil, d.explain("opening", err)
	}
	return &bucketBackend{bucket: b, dest: d, waits: retryWaits()}, nil
}

func (b *bucketBackend) close() error {
	if err := b.bucket.Close(); err != nil {
		return b.dest.explain("closing", err)
	}
	return nil
}

// prepare writes a file of a few bytes. It takes it away again, unless the
// bucket is one where nothing may be removed.
func (b *bucketBackend) prepare(ctx context.Context) error {
	ctx, cancel := context.WithTimeout(ctx, callLimit)
	defer cancel()
	if err := b.bucket.Upload(ctx, probeKey, strings.NewReader("can be written\n"), nil, "text/plain; charset=utf-8"); err != nil {
		return b.dest.explain("writing to", err)
	}
	_ = b.bucket.Delete(ctx, probeKey)
	return nil
}

// put uploads the file, and tries again what may have been an outage.
func (b *bucketBackend) put(ctx context.Context, f closedFile, name string) (string, error) {
	if key := b.dest.prefix() + name; len(key) > maxKey {
		return "", refuse("is to be named %q: with its prefix that is %d bytes, and buckets take %d; shorten `as`", name, len(key), maxKey)
	}
	sum, err := f.md5(ctx)
	if err != nil {
		return "", err
	}
	_, err = backoff.Retry(ctx, func() (struct{}, error) {
		err := b.upload(ctx, f, name, sum)
		if err != nil && !transient(err) {
			err = backoff.Permanent(err)
		}
		return struct{}{}, err
	}, backoff.WithBackOff(&listedWaits{waits: b.waits}), backoff.WithMaxElapsedTime(0))
	switch {
	case err == nil:
		f.remove()
		return b.dest.where + "/" + name, nil
	case ctx.Err() != nil:
		return "", context.Cause(ctx)
	default:
		return "", b.dest.explain("writing to", err)
	}
}

// listedWaits are the waits between tries, one after the other.
type listedWaits struct {
	waits []time.Duration
	next  int
}

// Reset starts again at the first.
func (w *listedWaits) Reset() { w.next = 0 }

// NextBackOff gives the next wait, or the end of them.
func (w *listedWaits) NextBackOff() time.Duration {
	if w.next == len(w.waits) {
		return backoff.Stop
	}
	w.next++
	return w.waits[w.next-1]
}

// md5 reads the staged bytes for the sum that providers check a write by, and
// makes sure on the way that they are still those that were proved.
func (f closedFile) md5(ctx context.Context) ([]byte, error) {
	in, err := f.read()
	if err != nil {
		return nil, err
	}
	defer func() { _ = in.Close() }()      // only read: nothing can be lost
	sum, proved := md5.New(), sha256.New() //nolint:gosec // see the import
	if _, err := io.Copy(io.MultiWriter(sum, proved), &contextReader{ctx: ctx, r: in}); err != nil {
		return nil, fmt.Errorf("reading the staged file: %w", err)
	}
	if hex.EncodeToString(proved.Sum(nil)) != f.sha256 {
		return nil, errors.New("the staged bytes have changed; is the disk sound?")
	}
	return sum.Sum(nil), nil
}

// transfer is the time that a file may take.
func transfer(size int64) time.Duration {
	return time.Minute + time.Duration(size/slowest)*time.Second
}

// upload writes the file once and looks whether it has arrived.
func (b *bucketBackend) upload(ctx context.Context, f closedFile, name string, sum []byte) error {
	ctx, cancel := context.WithTimeout(ctx, transfer(f.size))
	defer cancel()
	in, err := f.read()
	if err != nil {
		return err
	}
	defer func() { _ = in.Close() }() // only read: nothing can be lost
	// Upload gives the write up, and leaves nothing, when reading fails.
	if err := b.bucket.Upload(ctx, name, in, sum, contentType(in)); err != nil {
		return err
	}
	return b.arrived(ctx, f, name, sum)
}

// arrived compares what the provider says of the file with what was written. A
// sum that differs may be of something else, as that of a file which the
// provider has encrypted: then the bytes themselves are read.
func (b *bucketBackend) arrived(ctx context.Context, f closedFile, name string, sum []byte) error {
	size, md5, err := b.bucket.Attributes(ctx, name)
	if bucketCode(err) == "NotFound" {
		return errors.New("it is not there after it was written")
	}
	if err != nil {
		return err
	}
	if size != f.size {
		return fmt.Errorf("it has %d bytes there, %d were written", size, f.size)
	}
	if len(md5) == 0 || string(md5) == string(sum) {
		return nil
	}
	r, err := b.bucket.Read(ctx, name)
	if err != nil {
		return err
	}
	there := sha256.New()
	_, err = io.Copy(there, r)
	if err := errors.Join(err, r.Close()); err != nil {
		return err
	}
	if hex.EncodeToString(there.Sum(nil)) != f.sha256 {
		return errors.New("its bytes there are not those that were written")
	}
	return nil
}

func (b *bucketBackend) stat(ctx context.Context, name string) (int64, error) {
	ctx, cancel := context.WithTimeout(ctx, callLimit)
	defer cancel()
	size, _, err := b.bucket.Attributes(ctx, name)
	if err != nil {
		return 0, b.absent("looking into", err)
	}
	return size, nil
}

// absent tells a missing file from everything else that may be wrong.
func (b *bucketBackend) absent(doing string, err error) error {
	if bucketCode(err) == "NotFound" && code(err) != noSuchBucket {
		return fs.ErrNotExist
	}
	return b.dest.explain(doing, err)
}

func (b *bucketBackend) open(ctx context.Context, name string) (io.ReadCloser, error) {
	size, err := b.stat(ctx, name)
	if err != nil {
		return nil, err
	}
	ctx, cancel := context.WithTimeout(ctx, transfer(size))
	r, err := b.bucket.Read(ctx, name)
	if err != nil {
		cancel()
		return nil, b.absent("reading from", err)
	}
	return &bucketReader{ReadCloser: r, end: cancel, dest: b.dest}, nil
}

// bucketReader is a file of a bucket whose time is bounded.
type bucketReader struct {
	io.ReadCloser
	end  context.CancelFunc
	dest destination
}

func (r *bucketReader) Read(p []byte) (int, error) {
	n, err := r.ReadCloser.Read(p)
	if err != nil && !errors.Is(err, io.EOF) {
		err = r.dest.explain("reading from", err)
	}
	return n, err
}

func (r *bucketReader) Close() error {
	defer r.end()
	return r.ReadCloser.Close()
}

func (b *bucketBackend) list(ctx context.Context) iter.Seq2[Placed, error] {
	return func(yield func(Placed, error) bool) {
		next := b.bucket.List()
		for {
			// One of many calls asks for the next page.
			call, cancel := context.WithTimeout(ctx, callLimit)
			name, modified, err := next(call)
			cancel()
			if errors.Is(err, io.EOF) {
				return
			}
			if err != nil {
				yield(Placed{}, b.dest.explain("listing", err))
				return
			}
			// Folders as some consoles make them are empty files of such a name.
			if name == probeKey || strings.HasSuffix(name, "/") {
				continue
			}
			if !yield(Placed{Name: name, Modified: modified}, nil) {
				return
			}
		}
	}
}

// contentType is what browsers are told of the file when they fetch it.
func contentType(file io.ReadSeeker) string {
	kind := "application/octet-stream"
	if found, err := mimetype.DetectReader(file); err == nil {
		kind = found.String()
	}
	if _, err := file.Seek(0, io.SeekStart); err != nil {
		return kind // the sum of what is then read differs, and the write fails
	}
	return kind
}
