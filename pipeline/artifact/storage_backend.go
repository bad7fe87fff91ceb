package artifact

import (
	"context"
	"errors"
	"fmt"
	"io"
	"iter"
	"net/url"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"
)

// Buckets are the drivers of buckets that the program has. The zero value has
// none, and then files go to folders alone.
type Buckets struct {
	// Schemes are those of the addresses that Open knows.
	Schemes []string
	Open    func(ctx context.Context, address string) (Bucket, error)
}

// Bucket is what a driver does. Its errors tell by a method BucketCode() string
// what they are: NotFound, PermissionDenied, InvalidArgument, Unimplemented,
// AlreadyExists, DeadlineExceeded, or anything else.
type Bucket interface {
	// Upload writes a file that is there once it is whole.
	Upload(ctx context.Context, name string, content io.Reader, md5 []byte, contentType string) error
	Attributes(ctx context.Context, name string) (size int64, md5 []byte, err error)
	Read(ctx context.Context, name string) (io.ReadCloser, error)
	Delete(ctx context.Context, name string) error
	// List gives what tells the next file at each call, then [io.EOF].
	List() func(ctx context.Context) (name string, modified time.Time, err error)
	Close() error
}

// cloudSchemes are those of the drivers that a program may have.
var cloudSchemes = []string{"azblob", "gs", "mem", "s3"}

// storageBackend is where placed files stand: a local folder or a bucket. Names are as
// Name makes them. What it cannot find is [fs.ErrNotExist].
type storageBackend interface {
	// put brings a staged file to its name, whole or not at all, and gives where
	// it is now, for people to read. The staged file is gone then.
	put(ctx context.Context, f closedFile, name string) (at string, err error)
	// stat gives the size of a file.
	stat(ctx context.Context, name string) (int64, error)
	// open opens a file for reading.
	open(ctx context.Context, name string) (io.ReadCloser, error)
	// remove takes a file away.
	remove(ctx context.Context, name string) error
	// list gives all files that there are, in no order.
	list(ctx context.Context) iter.Seq2[Placed, error]
	// prepare makes sure that files can be put, and sweeps what is stale.
	prepare(ctx context.Context) error
	close() error
}

// Placed is a file that stands among the placed ones, on record or not.
type Placed struct {
	Name     string
	Modified time.Time
}

// CheckDestination finds what is wrong with a destination, as Options.Files has
// it, without opening it.
func (b Buckets) CheckDestination(dest string) error {
	_, err := b.parseDestination(dest)
	return err
}

// destination is a parsed Options.Files: a folder or a bucket.
type destination struct {
	folder string   // "" for a bucket
	bucket *url.URL // nil for a folder
	where  string   // the bucket without its parameters, for people
}

func (b Buckets) parseDestination(dest string) (destination, error) {
	scheme, _, isURL := strings.Cut(dest, "://")
	if !isURL {
		if strings.TrimSpace(dest) == "" {
			return destination{}, errors.New("the destination is empty; is the value that it is made of missing?")
		}
		return destination{folder: dest}, nil
	}
	// The parser's errors repeat the address, which may hold credentials.
	u, err := url.Parse(dest)
	switch {
	case err != nil:
		return destination{}, fmt.Errorf("the address of the destination does not parse: want one such as %s://bucket/prefix", scheme)
	case u.User != nil:
		return destination{}, errors.New("the address of the destination holds credentials: take them out, they belong in the environment")
	case u.Scheme == "file":
		return fileDestination(u)
	case slices.Contains(cloudSchemes, u.Scheme) && !slices.Contains(b.Schemes, u.Scheme):
		return destination{}, fmt.Errorf("%s:// is a bucket, and this program is built without what reaches buckets: "+
			"build one that has it, in a clone of its repository, with: go install -tags buckets ./cmd/pipe", u.Scheme)
	case !slices.Contains(b.Schemes, u.Scheme):
		known := b.Schemes
		if len(known) == 0 {
			known = cloudSchemes
		}
		known = append([]string{"file"}, known...)
		slices.Sort(known)
		return destination{}, fmt.Errorf("%s:// is no destination: want a folder, or an address that begins with %s", u.Scheme, strings.Join(known, "://, ")+"://")
	case u.Host == "" && u.Scheme != "mem":
		return destination{}, fmt.Errorf("the address of the destination names no bucket: want %s://bucket or %s://bucket/prefix", u.Scheme, u.Scheme)
	}
	return bucketDestination(u)
}

// fileDestination is a folder written as an address. It is kept by the same
// code as any folder, which syncs where the driver of that scheme does not.
func fileDestination(u *url.URL) (destination, error) {
	if u.Host != "" && u.Host != "." && u.Host != "localhost" || u.RawQuery != "" || u.Path == "" {
		return destination{}, errors.New("want a folder's address as file:///path, with nothing else in it, or just the path")
	}
	path := u.Path
	if u.Host == "." {
		path = strings.TrimPrefix(path, "/")
	}
	// file:///C:/x
	if len(path) > 2 && path[0] == '/' && path[2] == ':' {
		path = path[1:]
	}
	return destination{folder: filepath.FromSlash(path)}, nil
}

// bucketDestination moves the path of an address to where the drivers want it.
func bucketDestination(u *url.URL) (destination, error) {
	query := u.Query()
	prefix := strings.Trim(u.Path, "/")
	if given := query.Get("prefix"); given != "" {
		if prefix != "" {
			return destination{}, errors.New("the address of the destination has a prefix twice: in its path and as a parameter")
		}
		prefix = strings.Trim(given, "/")
	}
	if query.Has("key") {
		return destination{}, errors.New("the address of the destination names one file by its parameter key: want a place for many")
	}
	query.Del("prefix")
	d := destination{where: u.Scheme + "://" + u.Host}
	if prefix != "" {
		query.Set("prefix", prefix+"/")
		d.where += "/" + prefix
	}
	d.bucket = &url.URL{Scheme: u.Scheme, Host: u.Host, RawQuery: query.Encode()}
	return d, nil
}

// closedFile is a staged file that is closed, on its way to its place.
type closedFile struct {
	root   *os.Root
	name   string
	size   int64
	sha256 string
}

// remove takes the staged file away once a copy of it is in place. What fails
// here is swept when the folder is opened again.
func (f closedFile) remove() { _ = f.root.Remove(f.name) }

// read opens the staged bytes.
func (f closedFile) read() (*os.File, error) {
	file, err := f.root.Open(f.name)
	if err != nil {
		return nil, fmt.Errorf("reading the staged file: %w", err)
	}
	return file, nil
}
