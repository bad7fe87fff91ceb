package main

import (
	"context"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"sync/atomic"
	"testing"

	"github.com/johannesboyne/gofakes3"
	"github.com/johannesboyne/gofakes3/backend/s3mem"

	"pipe/cmd/pipe/internal/app"
	"pipe/pipeline/artifact"
	"pipe/pipeline/artifact/bucket"
	"pipe/pipeline/practice"
)

// The program under test has the buckets, whatever tags it is built with.
func init() {
	app.Buckets = artifact.Buckets{
		Schemes: bucket.Schemes(),
		Open:    func(ctx context.Context, address string) (artifact.Bucket, error) { return bucket.Open(ctx, address) },
	}
}

// withBucket sends a job's files to an S3 server on this machine, and gives the
// server's keeper of files. put, once set, is told of each PDF that has just
// been stored, before the answer.
func withBucket(t *testing.T, j *job) (backend gofakes3.Backend, put *atomic.Pointer[func()]) {
	t.Helper()
	backend, put = s3mem.New(), &atomic.Pointer[func()]{}
	j.must(backend.CreateBucket("reports"))
	fake := gofakes3.New(backend).Server()
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		fake.ServeHTTP(w, r)
		if f := put.Load(); f != nil && r.Method == http.MethodPut && strings.HasSuffix(r.URL.Path, ".pdf") {
			(*f)()
		}
	}))
	t.Cleanup(server.Close)
	j.env = append(j.env,
		"AWS_ACCESS_KEY_ID=AKIAPRACTICE", "AWS_SECRET_ACCESS_KEY=nobody-may-see-this", "AWS_CONFIG_FILE=/dev/null", "AWS_SHARED_CREDENTIALS_FILE=/dev/null",
		"BUCKET=reports", "S3="+server.URL)
	return backend, put
}

const toBucket = "files: s3://${{ env.BUCKET }}/2026?region=eu-west-1&use_path_style=true&disable_https=true&endpoint=${{ env.S3 }}\n\nrecord:"

// A run that is killed when its file is in the bucket and not yet on record
// does that item again; all files are the right ones in the end.
func TestKilledBetweenBucketAndLedger(t *testing.T) {
	t.Parallel()
	j := newJob(t, practice.Options{Vehicles: 8}, "record:", toBucket)
	backend, put := withBucket(t, j)
	s := j.start("--contexts", "1", "--pages", "3")
	stored := atomic.Int32{}
	kill := func() {
		if stored.Add(1) == 4 {
			j.must(s.cmd.Process.Kill())
		}
	}
	put.Store(&kill)
	s.ended(-1)
	put.Store(nil)
	if done := len(j.done()); done != 3 {
		t.Errorf("%d items are on record, want the 3 before the kill", done)
	}
	has(t, j.pipe(app.ExitFailed, "verify", "inventory.yaml"), "files: 3 on record = good 3 + missing 0", "; orphaned 1")
	has(t, j.run(app.ExitDone, "--contexts", "1"), "inventory: 8 of 8 done")
	has(t, j.pipe(app.ExitDone, "verify", "inventory.yaml"), "files: 8 on record = good 8 + missing 0 + altered 0 + wrong 0 + unchecked 0; orphaned 0")
	has(t, j.pipe(app.ExitDone, "status", "inventory.yaml"), "files: 8 on the disk as on record, 0 not")
	read := reader(t)
	for _, v := range j.site.Vehicles() {
		object, err := backend.GetObject("reports", "2026/"+v.Reference+".pdf", nil)
		j.must(err)
		body, err := io.ReadAll(object.Contents)
		j.must(err)
		path := filepath.Join(t.TempDir(), "x.pdf")
		j.must(os.WriteFile(path, body, 0o600))
		if err := read(path, v.Reference, v.VIN); err != nil {
			t.Errorf("%s: %v", v.Reference, err)
		}
	}
	if _, err := os.Stat(filepath.Join(j.out, "files")); !os.IsNotExist(err) {
		t.Errorf("there is a folder of files beside the bucket: %v", err)
	}
	// Somebody alters a file there, and takes one away.
	stock := j.site.Vehicles()
	_, err := backend.PutObject("reports", "2026/"+stock[0].Reference+".pdf", map[string]string{}, strings.NewReader("x"), 1, nil)
	j.must(err)
	_, err = backend.DeleteObject("reports", "2026/"+stock[1].Reference+".pdf")
	j.must(err)
	has(t, j.pipe(app.ExitFailed, "verify", "inventory.yaml"), "altered    "+stock[0].Reference+".pdf", "missing    "+stock[1].Reference+".pdf", "good 6")
}

// A bucket that cannot be written ends a run before anything is asked of the
// site, and tells no credentials.
func TestNoSuchBucket(t *testing.T) {
	t.Parallel()
	j := newJob(t, practice.Options{Vehicles: 2}, "record:", toBucket)
	withBucket(t, j)
	j.env = append(j.env, "BUCKET=absent")
	out := j.run(app.ExitEnvironment)
	has(t, out, "writing to s3://absent/2026: is there such a bucket? make it, or name another under files")
	for _, secret := range []string{"nobody-may-see-this", "AKIA", "Signature"} {
		if strings.Contains(out, secret) {
			t.Errorf("it tells %q:\n%s", secret, out)
		}
	}
	if n := j.site.Counts().Logins; n != 0 {
		t.Errorf("%d logins", n)
	}
}
