package practice

import (
	"context"
	"fmt"
	"io"
	"net/http"
	"net/http/cookiejar"
	"net/url"
	"strings"
	"testing"
	"time"

	"go.uber.org/goleak"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// start starts a site that ends with the test.
func start(t *testing.T, o Options) *Site {
	t.Helper()
	s, err := Start(context.Background(), o)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := s.Close(); err != nil {
			t.Error(err)
		}
	})
	return s
}

// visitor is a browser of a kind: it has cookies and follows redirects. key is what
// it tells the overseas desk.
type visitor struct {
	t      *testing.T
	site   *Site
	client *http.Client
	key    string
}

func visit(t *testing.T, s *Site) *visitor {
	t.Helper()
	jar, err := cookiejar.New(nil)
	if err != nil {
		t.Fatal(err)
	}
	tr := &http.Transport{}
	t.Cleanup(tr.CloseIdleConnections)
	return &visitor{t, s, &http.Client{Jar: jar, Transport: tr, Timeout: time.Minute}, DeskKey}
}

// enter is a visitor who has signed in.
func enter(t *testing.T, s *Site) *visitor {
	t.Helper()
	v := visit(t, s)
	if got := v.signIn(DefaultUser, DefaultPassword); got.path != "/inventory" {
		t.Fatalf("signing in led to %s", got.path)
	}
	return v
}

// answer is a response that was read to its end, or as far as it went.
type answer struct {
	status int
	path   string // with the query, after all redirects
	header http.Header
	body   string
}

func (v *visitor) try(r *http.Request) (answer, error) {
	resp, err := v.client.Do(r)
	if err != nil {
		return answer{}, err
	}
	defer resp.Body.Close()
	b, err := io.ReadAll(resp.Body)
	return answer{resp.StatusCode, resp.Request.URL.RequestURI(), resp.Header, string(b)}, err
}

func (v *visitor) tryGet(ctx context.Context, path string) (answer, error) {
	v.t.Helper()
	r, err := http.NewRequestWithContext(ctx, http.MethodGet, v.site.URL()+path, nil)
	if err != nil {
		v.t.Fatal(err)
	}
	if v.key != "" {
		r.Header.Set(DeskHeader, v.key)
	}
	return v.try(r)
}

func (v *visitor) get(path string) answer {
	v.t.Helper()
	a, err := v.tryGet(v.t.Context(), path)
	if err != nil {
		v.t.Fatal(err)
	}
	return a
}

func (v *visitor) post(path string, form url.Values) answer {
	v.t.Helper()
	r, err := http.NewRequestWithContext(v.t.Context(), http.MethodPost,
		v.site.URL()+path, strings.NewReader(form.Encode()))
	if err != nil {
		v.t.Fatal(err)
	}
	r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	a, err := v.try(r)
	if err != nil {
		v.t.Fatal(err)
	}
	return a
}

func (v *visitor) signIn(user, password string) answer {
	v.t.Helper()
	return v.post("/login", url.Values{"username": {user}, "password": {password}})
}

func (a answer) wants(t *testing.T, status int, path string, parts ...string) {
	t.Helper()
	if a.status != status || a.path != path {
		t.Errorf("got %d at %s, want %d at %s", a.status, a.path, status, path)
	}
	for _, p := range parts {
		if !strings.Contains(a.body, p) {
			t.Errorf("%s: no %q in:\n%s", a.path, p, a.body)
		}
	}
}

func pdfPath(v Vehicle) string { return fmt.Sprintf("/GetPdfReport?id=%d", v.ID) }
