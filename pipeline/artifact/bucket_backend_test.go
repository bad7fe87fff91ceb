package artifact

import (
	"bytes"
	"context"
	"errors"
	"io"
	"io/fs"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/johannesboyne/gofakes3"
	"github.com/johannesboyne/gofakes3/backend/s3mem"

	"pipe/pipeline"
	driver "pipe/pipeline/artifact/bucket"
)

var allBuckets = Buckets{
	Schemes: []string{"mem", "s3"},
	Open:    func(ctx context.Context, address string) (Bucket, error) { return driver.Open(ctx, address) },
}

// s3 is an S3 server on this machine with the bucket "reports".
type s3 struct {
	*httptest.Server
	mu sync.Mutex
	// before, if set, is asked about each request; true means that it has
	// answered it.
	before func(http.ResponseWriter, *http.Request) bool
}

func (s *s3) set(before func(http.ResponseWriter, *http.Request) bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.before = before
}

func newS3(t *testing.T) *s3 {
	t.Helper()
	// What a person's own configuration says is no business of the test.
	t.Setenv("AWS_ACCESS_KEY_ID", "AKIAPRACTICE")
	t.Setenv("AWS_SECRET_ACCESS_KEY", "a-key-that-nobody-may-see")
	t.Setenv("AWS_CONFIG_FILE", "/dev/null")
	t.Setenv("AWS_SHARED_CREDENTIALS_FILE", "/dev/null")
	t.Setenv("AWS_MAX_ATTEMPTS", "1")
	backend := s3mem.New()
	if err := backend.CreateBucket("reports"); err != nil {
		t.Fatal(err)
	}
	fake, s := gofakes3.New(backend).Server(), &s3{}
	s.Server = httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		s.mu.Lock()
		before := s.before
		s.mu.Unlock()
		if before != nil && before(w, r) {
			return
		}
		fake.ServeHTTP(w, r)
	}))
	t.Cleanup(s.Close)
	return s
}

// address is that of a place in the bucket.
func (s *s3) address(bucket string) string {
	return "s3://" + bucket + "?region=eu-west-1&use_path_style=true&disable_https=true&endpoint=" + url.QueryEscape(s.URL)
}

// bucketStore is a store whose files go to the address.
func bucketStore(t *testing.T, dir, files string) *Store {
	t.Helper()
	s, err := Open(t.Context(), dir, Options{Files: files, Buckets: allBuckets})
	if err != nil {
		t.Fatal(err)
	}
	s.pdf = sharedReader()
	if b, ok := s.backend.(*bucketBackend); ok {
		b.waits = b.waits[:0]
	}
	t.Cleanup(func() { _, _ = s.backend.close(), s.root.Close() })
	return s
}

func get(t *testing.T, s *Store, name string) []byte {
	t.Helper()
	in, err := s.backend.open(t.Context(), name)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = in.Close() }()
	body, err := io.ReadAll(in)
	if err != nil {
		t.Fatal(err)
	}
	return body
}

func TestS3Prefix(t *testing.T) {
	srv := newS3(t)
	s := bucketStore(t, t.TempDir(), strings.Replace(srv.address("reports"), "reports?", "reports/2026/nov?", 1))
	if err := s.Place(t.Context(), stage(t, s, []byte("x")), "a/b.txt"); err != nil {
		t.Fatal(err)
	}
	whole := bucketStore(t, t.TempDir(), srv.address("reports"))
	if got := get(t, whole, "2026/nov/a/b.txt"); !bytes.Equal(got, []byte("x")) {
		t.Errorf("got %q", got)
	}
}

// What a provider answers is told with what to do about it.
func TestS3Errors(t *testing.T) {
	for name, test := range map[string]struct {
		status int
		body   string
		want   string
	}{
		"denied":   {403, "<Error><Code>AccessDenied</Code><Message>no</Message></Error>", "it refuses: see that the credentials in AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY"},
		"bad key":  {403, "<Error><Code>InvalidAccessKeyId</Code><Message>AKIAPRACTICE is unknown</Message></Error>", "it refuses: see that the credentials"},
		"unsigned": {403, "<Error><Code>SignatureDoesNotMatch</Code><Message>https://x/y?X-Amz-Signature=abc&amp;sig=def</Message></Error>", "it refuses"},
		"trouble":  {503, "<Error><Code>SlowDown</Code><Message>slow</Message></Error>", "its provider is in trouble: run again later"},
		"nonsense": {400, "not XML", "check its address"},
	} {
		t.Run(name, func(t *testing.T) {
			srv := newS3(t)
			dir := t.TempDir()
			s := bucketStore(t, dir, srv.address("reports"))
			srv.set(func(w http.ResponseWriter, _ *http.Request) bool {
				w.WriteHeader(test.status)
				_, _ = io.WriteString(w, test.body)
				return true
			})
			_, opened := Open(t.Context(), dir, Options{Files: srv.address("reports"), Buckets: allBuckets})
			placed := s.Place(t.Context(), stage(t, s, []byte("x")), "x.txt")
			_, recalled := s.OpenPlaced(t.Context(), "x.txt")
			for what, err := range map[string]error{"open": opened, "place": placed, "recall": recalled} {
				var refused *pipeline.ProofError
				if err == nil || errors.As(err, &refused) || what != "recall" && !strings.Contains(err.Error(), test.want) || errors.Is(err, fs.ErrNotExist) {
					t.Errorf("%s: %v", what, err)
					continue
				}
				hush(t, err.Error())
			}
		})
	}
}

// A write that is cut off, refused or altered on its way is not there, or is
// written again; what was there before stays until the new one is whole.
func TestS3WriteIsWholeOrNotAtAll(t *testing.T) {
	srv := newS3(t)
	s := bucketStore(t, t.TempDir(), srv.address("reports"))
	old, fresh := []byte(strings.Repeat("old", 100_000)), []byte(strings.Repeat("new", 100_000))
	if err := s.Place(t.Context(), stage(t, s, old), "x.txt"); err != nil {
		t.Fatal(err)
	}
	cut := func(_ http.ResponseWriter, r *http.Request) bool {
		if r.Method != http.MethodPut {
			return false
		}
		_, _ = io.CopyN(io.Discard, r.Body, 1000)
		panic(http.ErrAbortHandler)
	}
	srv.set(cut)
	if err := s.Place(t.Context(), stage(t, s, fresh), "x.txt"); err == nil || !strings.Contains(err.Error(), "cannot be reached") {
		t.Errorf("a write that was cut off: %v", err)
	}
	// The run is stopped in the middle of a write.
	ctx, cancel := context.WithCancel(t.Context())
	srv.set(func(_ http.ResponseWriter, r *http.Request) bool {
		if r.Method != http.MethodPut {
			return false
		}
		cancel()
		_, _ = io.Copy(io.Discard, r.Body)
		<-r.Context().Done()
		return true
	})
	if err := s.Place(ctx, stage(t, s, fresh), "x.txt"); !errors.Is(err, context.Canceled) {
		t.Errorf("a stopped write: %v", err)
	}
	srv.set(nil)
	if got := get(t, s, "x.txt"); string(got) != string(old) {
		t.Errorf("%d bytes %.3q are there", len(got), got)
	}
	// An outage is bridged.
	s.backend.(*bucketBackend).waits = []time.Duration{time.Millisecond, time.Millisecond}
	for _, fail := range []func(http.ResponseWriter, *http.Request) bool{
		cut,
		func(w http.ResponseWriter, _ *http.Request) bool {
			w.WriteHeader(http.StatusServiceUnavailable)
			return true
		},
		// The server loses what it has taken.
		func(w http.ResponseWriter, _ *http.Request) bool { w.Header().Set("ETag", `"x"`); return true },
	} {
		failures := 2
		srv.set(func(w http.ResponseWriter, r *http.Request) bool {
			if r.Method != http.MethodPut || failures == 0 {
				return false
			}
			failures--
			return fail(w, r)
		})
		if err := s.Place(t.Context(), stage(t, s, fresh), "y.txt"); err != nil {
			t.Errorf("after an outage: %v", err)
		}
		srv.set(nil)
		if got := get(t, s, "y.txt"); string(got) != string(fresh) {
			t.Errorf("%d bytes %.3q are there", len(got), got)
		}
		if err := s.backend.(*bucketBackend).bucket.Delete(t.Context(), "y.txt"); err != nil {
			t.Error(err)
		}
	}
}

// Providers that encrypt give a sum of something else; what lies there altered
// is found all the same.
func TestS3SumIsChecked(t *testing.T) {
	srv := newS3(t)
	s := bucketStore(t, t.TempDir(), srv.address("reports"))
	etag := func(w http.ResponseWriter, r *http.Request) bool {
		if r.Method == http.MethodHead {
			w.Header().Set("ETag", `"00112233445566778899aabbccddeeff"`)
			w.Header().Set("Content-Length", "3")
			return true
		}
		return false
	}
	srv.set(etag)
	if err := s.Place(t.Context(), stage(t, s, []byte("abc")), "x.txt"); err != nil {
		t.Errorf("another sum of the right bytes: %v", err)
	}
	srv.set(func(w http.ResponseWriter, r *http.Request) bool {
		if r.Method == http.MethodGet {
			_, _ = io.WriteString(w, "abd")
			return true
		}
		return etag(w, r)
	})
	if err := s.Place(t.Context(), stage(t, s, []byte("abc")), "y.txt"); err == nil || !strings.Contains(err.Error(), "not those that were written") {
		t.Errorf("other bytes: %v", err)
	}
}

// A program without the drivers says how to have one with them.
func TestBucketsAreNotBuiltIn(t *testing.T) {
	const want = "go install -tags buckets ./cmd/pipe"
	for _, dest := range []string{"s3://reports/2026?region=eu-west-1", "gs://reports", "azblob://reports/x"} {
		if err := (Buckets{}).CheckDestination(dest); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: %v", dest, err)
		}
		if _, err := Open(t.Context(), t.TempDir(), Options{Files: dest}); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: %v", dest, err)
		}
		if err := (Buckets{Schemes: driver.Schemes()}).CheckDestination(dest); err != nil {
			t.Errorf("%s: %v", dest, err)
		}
	}
}
