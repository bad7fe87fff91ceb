package main

import (
	"encoding/json"
	"errors"
	"io"
	"mime"
	"net"
	"net/http"
	"net/http/httptest"
	"net/mail"
	"sync"
	"testing"

	"github.com/emersion/go-sasl"
	"github.com/emersion/go-smtp"
)

// mailbox is a mail server that takes one user's mail.
type mailbox struct {
	t    *testing.T
	addr string

	mu   sync.Mutex
	mail []*mail.Message
	text []string
}

const mailPassword = "hush-mail-5151"

func newMailbox(t *testing.T) *mailbox {
	t.Helper()
	m := &mailbox{t: t}
	server := smtp.NewServer(smtp.BackendFunc(func(*smtp.Conn) (smtp.Session, error) { return &mailSession{box: m}, nil }))
	server.AllowInsecureAuth = true
	listen, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	m.addr = listen.Addr().String()
	var serving sync.WaitGroup
	serving.Go(func() { _ = server.Serve(listen) })
	t.Cleanup(func() {
		_ = server.Close()
		_ = listen.Close() // it may not have begun to serve
		serving.Wait()
	})
	return m
}

// url is the mailbox's address for a spec.
func (m *mailbox) url() string {
	return "smtp://robot:" + mailPassword + "@" + m.addr + "/?from=pipe@example.com&to=me@example.com&auth=plain"
}

// mailSession is one connection.
type mailSession struct {
	box  *mailbox
	in   bool
	from string
}

func (s *mailSession) AuthMechanisms() []string { return []string{sasl.Plain} }

func (s *mailSession) Auth(string) (sasl.Server, error) {
	return sasl.NewPlainServer(func(_, user, password string) error {
		if s.in = user == "robot" && password == mailPassword; !s.in {
			return smtp.ErrAuthFailed
		}
		return nil
	}), nil
}

func (s *mailSession) Mail(from string, _ *smtp.MailOptions) error {
	if !s.in {
		return smtp.ErrAuthRequired
	}
	s.from = from
	return nil
}

func (s *mailSession) Rcpt(string, *smtp.RcptOptions) error { return nil }

func (s *mailSession) Data(r io.Reader) error {
	got, err := mail.ReadMessage(r)
	if err != nil {
		return err
	}
	text, err := io.ReadAll(got.Body)
	s.box.mu.Lock()
	defer s.box.mu.Unlock()
	s.box.mail, s.box.text = append(s.box.mail, got), append(s.box.text, string(text))
	return err
}

func (s *mailSession) Reset() {}

func (s *mailSession) Logout() error { return nil }

// only gives the one mail that came, its subject and its text.
func (m *mailbox) only() (subject, text string) {
	m.t.Helper()
	m.mu.Lock()
	defer m.mu.Unlock()
	if len(m.mail) != 1 {
		m.t.Fatalf("%d mails came, want 1: %q", len(m.mail), m.text)
	}
	subject, err := new(mime.WordDecoder).DecodeHeader(m.mail[0].Header.Get("Subject"))
	if err != nil {
		m.t.Fatal(err)
	}
	return subject, m.text[0]
}

// webhook is a server that keeps the messages posted to it, by their paths.
type webhook struct {
	*httptest.Server

	mu  sync.Mutex
	got map[string][]map[string]string
}

const hookToken = "hush-hook-6262"

func newWebhook(t *testing.T) *webhook {
	t.Helper()
	h := &webhook{got: map[string][]map[string]string{}}
	h.Server = httptest.NewServer(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
		text, err := io.ReadAll(r.Body)
		message := map[string]string{}
		if err = errors.Join(err, json.Unmarshal(text, &message)); err != nil {
			t.Errorf("%q: %v", text, err)
		}
		h.mu.Lock()
		defer h.mu.Unlock()
		h.got[r.URL.Path] = append(h.got[r.URL.Path], message)
	}))
	t.Cleanup(h.Close)
	return h
}

// url is an address of the webhook for a spec.
func (h *webhook) url(name string) string {
	return "generic+" + h.URL + "/" + name + "/" + hookToken + "?template=json"
}

// only gives the one message that came to an address.
func (h *webhook) only(t *testing.T, name string) map[string]string {
	t.Helper()
	h.mu.Lock()
	defer h.mu.Unlock()
	got := h.got["/"+name+"/"+hookToken]
	if len(got) != 1 {
		t.Fatalf("%d messages came to %s, want 1: %q", len(got), name, h.got)
	}
	return got[0]
}
