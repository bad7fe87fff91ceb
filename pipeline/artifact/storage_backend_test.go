package artifact

import (
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"pipe/pipeline"
)

// destinations are one of each sort. Each is opened anew by its address.
func destinations(t *testing.T) map[string]string {
	t.Helper()
	srv := newS3(t)
	return map[string]string{
		"the output folder": "",
		"a folder":          filepath.Join(t.TempDir(), "far", "away"),
		"a file address":    "file://" + filepath.ToSlash(filepath.Join(t.TempDir(), "x")),
		"S3":                srv.address("reports"),
		"memory":            "mem://x",
	}
}

// Files are whole, under their names, and known to the next run, wherever they
// go.
func TestDestinations(t *testing.T) {
	for where, dest := range destinations(t) {
		t.Run(where, func(t *testing.T) {
			dir := t.TempDir()
			s := bucketStore(t, dir, dest)
			report := makePDF(t, nil, "Stock 24K0173")
			for _, name := range []string{"a/Straße.pdf", "b.pdf", "b.pdf"} {
				f := stage(t, s, report)
				if err := s.Place(t.Context(), f, name); err != nil {
					t.Fatal(err)
				}
				if !strings.HasSuffix(filepath.ToSlash(f.Path()), "/"+name) {
					t.Errorf("%s is at %s", name, f.Path())
				}
			}
			if left := list(t, s, stagingDir); len(left) != 0 {
				t.Errorf("staging still has %v", left)
			}
			if got := names(t, s); !slices.Equal(got, []string{"a/Straße.pdf", "b.pdf"}) {
				t.Errorf("there are %v", got)
			}
			recalled(t, s, "b.pdf", report)
			if _, err := s.OpenPlaced(t.Context(), "absent.pdf"); !errors.Is(err, fs.ErrNotExist) {
				t.Errorf("absent: %v", err)
			}
			if _, err := s.Stat(t.Context(), "absent.pdf"); !errors.Is(err, fs.ErrNotExist) {
				t.Errorf("absent: %v", err)
			}
			if where != "memory" {
				s = bucketStore(t, dir, dest)
			}
			for _, name := range []string{"A/STRASSE.pdf", "a/Strasse.PDF", "a", "A", "b.pdf/c.pdf", "B.pdf/c.pdf"} {
				var refused *pipeline.ProofError
				if err := s.Claim(t.Context(), name); !errors.As(err, &refused) || refused.Check != "name" {
					t.Errorf("%q may be had: %v", name, err)
				}
				if err := s.Place(t.Context(), stage(t, s, report), name); !errors.As(err, &refused) {
					t.Errorf("%q was placed: %v", name, err)
				}
			}
			if err := s.Claim(t.Context(), "b.pdf", "A/other.pdf"); err != nil {
				t.Errorf("%v", err)
			}
			if err := s.Claim(t.Context(), "c.pdf", "d.pdf", "C.pdf"); err == nil || !strings.Contains(err.Error(), "another of the same item") {
				t.Errorf("two of one name: %v", err)
			}
		})
	}
}

// recalled wants a placed file to be of these bytes, by all accounts.
func recalled(t *testing.T, s *Store, name string, want []byte) {
	t.Helper()
	sum := sha256.Sum256(want)
	hash := hex.EncodeToString(sum[:])
	size, err := s.Stat(t.Context(), name)
	if err != nil || size != int64(len(want)) {
		t.Errorf("%s has %d bytes, %v", name, size, err)
	}
	if got, err := s.Hash(t.Context(), name); err != nil || got != hash {
		t.Errorf("the hash of %s is %s, %v", name, got, err)
	}
	r, err := s.OpenPlaced(t.Context(), name)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = r.Close() }()
	if r.SHA256() != hash || r.Size() != size {
		t.Errorf("recalled are %d bytes of %s", r.Size(), r.SHA256())
	}
	if _, err := r.Prove(t.Context(), pipeline.Expectation{Type: "pdf", Contains: []string{"24K0173"}}); err != nil {
		t.Errorf("the proof of %s: %v", name, err)
	}
	if _, err := r.Prove(t.Context(), pipeline.Expectation{Contains: []string{"24K0174"}}); err == nil {
		t.Errorf("%s passes for another's", name)
	}
}

func names(t *testing.T, s *Store) []string {
	t.Helper()
	var names []string
	for p, err := range s.Placed(t.Context()) {
		if err != nil {
			t.Fatal(err)
		}
		if age := time.Since(p.Modified); age > time.Hour || age < -time.Hour {
			t.Errorf("%s is of %v", p.Name, p.Modified)
		}
		names = append(names, p.Name)
	}
	slices.Sort(names)
	return names
}

func TestDestinationRefuses(t *testing.T) {
	srv := newS3(t)
	out := filepath.Join(t.TempDir(), "out")
	blocked := filepath.Join(t.TempDir(), "file")
	if err := os.WriteFile(blocked, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	closed := newS3(t)
	closed.Close()
	for dest, want := range map[string]string{
		" ":                                 "the destination is empty",
		"ftp://x/y":                         "ftp:// is no destination: want a folder, or an address that begins with file://, mem://, s3://",
		"s3://":                             "names no bucket",
		"s3://AKIA:hush@reports":            "holds credentials: take them out",
		"s3://a b\x7f":                      "does not parse",
		"s3://reports/a?prefix=b":           "a prefix twice",
		"s3://reports?key=b":                "names one file",
		"s3://reports?regoin=eu-west-1":     "check its address",
		"file://server/share":               "want a folder's address as file:///path",
		out:                                 "give the files a folder of their own",
		filepath.Dir(out):                   "give the files a folder of their own",
		filepath.Join(blocked, "x"):         "making the files' folder",
		srv.address("absent"):               "writing to s3://absent: is there such a bucket? make it, or name another under files",
		closed.address("reports"):           "it cannot be reached: check the network and the address",
		srv.address("reports") + "&nosuch=": "check its address",
	} {
		s, err := Open(t.Context(), out, Options{Files: dest, Buckets: allBuckets})
		if err == nil {
			_ = s.Close()
		}
		if err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%q: %v", dest, err)
			continue
		}
		hush(t, err.Error())
	}
}

// hush fails when a text tells a secret.
func hush(t *testing.T, text string) {
	t.Helper()
	for _, secret := range []string{"a-key-that-nobody-may-see", "AKIA", "hush", "Signature=", "sig=", "\n"} {
		if strings.Contains(text, secret) {
			t.Errorf("it tells %q: %s", secret, text)
		}
	}
}

// Copies that a killed run left on the files' disk are swept, others' are not.
func TestForeignStagingIsSwept(t *testing.T) {
	dir, files := t.TempDir(), t.TempDir()
	s := bucketStore(t, dir, files)
	own := filepath.Join(files, filepath.FromSlash(s.backend.(*folderBackend).stagingName()))
	other := filepath.Join(files, foreignStaging, "0123-x")
	for _, name := range []string{own, other} {
		if err := os.WriteFile(name, []byte("half"), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	if got := names(t, s); len(got) != 0 {
		t.Errorf("they pass for files: %v", got)
	}
	bucketStore(t, dir, files)
	if _, err := os.Stat(own); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("its own: %v", err)
	}
	if _, err := os.Stat(other); err != nil {
		t.Errorf("another's: %v", err)
	}
}
