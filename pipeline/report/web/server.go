package web

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"os"
	"strconv"
	"time"

	"github.com/sourcegraph/conc"
)

// Options say what is served.
type Options struct {
	// Addr is where it listens, as "127.0.0.1:8321"; port 0 is any free one. A port alone
	// (":8321") is one of the loopback interface.
	Addr string
	// Token is what requests must have; "" makes one.
	Token string
	// Specs are those that are served.
	Specs []*Spec
	// Log is told what goes wrong; nil is nobody.
	Log *slog.Logger
}

// Server serves the pages until it is closed.
type Server struct {
	listener net.Listener
	token    string
	http     *http.Server
	owned    conc.WaitGroup
	// end ends what goes on for as long as a browser listens.
	end context.CancelFunc
}

const (
	// headerLimit bounds the reading of a request's head, requestLimit of all of it,
	// responseLimit the writing of an answer, files and events excepted: each of their
	// writes has writeLimit.
	headerLimit, requestLimit, responseLimit, writeLimit = 10 * time.Second, 30 * time.Second, time.Minute, 30 * time.Second
	idleLimit                                            = 2 * time.Minute
	// closeLimit bounds the end of the server.
	closeLimit = 2 * time.Second
	// headMost and bodyMost bound what a request may have, in bytes.
	headMost, bodyMost = 64 << 10, 4 << 20
)

// Listen begins to serve.
func Listen(ctx context.Context, o Options) (*Server, error) {
	host, port, err := net.SplitHostPort(o.Addr)
	if err != nil {
		return nil, fmt.Errorf("the address %q: %w", o.Addr, err)
	}
	if host == "" {
		host = "127.0.0.1"
	}
	var config net.ListenConfig
	listener, err := config.Listen(ctx, "tcp", net.JoinHostPort(host, port))
	if err != nil {
		return nil, fmt.Errorf("serving the pages: %w", err)
	}
	if o.Token == "" {
		o.Token = NewToken()
	}
	if o.Log == nil {
		o.Log = slog.New(slog.DiscardHandler)
	}
	s := &Server{listener: listener, token: o.Token}
	ctx, s.end = context.WithCancel(ctx)
	s.http = &http.Server{
		Handler: newGuard(listener.Addr(), o.Token, newHandler(o.Specs, o.Log)), ReadHeaderTimeout: headerLimit, ReadTimeout: requestLimit, WriteTimeout: responseLimit,
		IdleTimeout: idleLimit, MaxHeaderBytes: headMost, BaseContext: func(net.Listener) context.Context { return ctx },
		ErrorLog: slog.NewLogLogger(o.Log.Handler(), slog.LevelDebug),
	}
	s.owned.Go(func() {
		if err := s.http.Serve(listener); !errors.Is(err, http.ErrServerClosed) {
			o.Log.Warn("the pages are no longer served", "error", err)
		}
	})
	return s, nil
}

// Addr is where it listens.
func (s *Server) Addr() net.Addr { return s.listener.Addr() }

// URL is the address to open, with the token in it: for the user's eyes alone.
func (s *Server) URL() string {
	addr := s.listener.Addr().String()
	if tcp, is := s.listener.Addr().(*net.TCPAddr); is && tcp.IP.IsUnspecified() {
		if name, err := os.Hostname(); err == nil {
			addr = net.JoinHostPort(name, strconv.Itoa(tcp.Port))
		}
	}
	return fmt.Sprintf("http://%s/?token=%s", addr, s.token)
}

// Close ends it, within 2 s.
func (s *Server) Close(ctx context.Context) error {
	ctx, cancel := context.WithTimeout(ctx, closeLimit)
	defer cancel()
	s.end()
	err := s.http.Shutdown(ctx)
	if err != nil {
		err = s.http.Close()
	}
	s.owned.Wait()
	return err
}

// handler answers requests that the guard has let in.
type handler struct {
	specs []*Spec
	log   *slog.Logger
}

func newHandler(specs []*Spec, log *slog.Logger) http.Handler {
	h := &handler{specs: specs, log: log}
	mux := http.NewServeMux()
	mux.HandleFunc("GET /", servePage)
	mux.HandleFunc("GET /assets/{name...}", serveAsset)
	mux.Handle("GET /api/specs", answer(h.listSpecs))
	mux.Handle("GET /api/runs", answer(h.listRuns))
	mux.Handle("GET /api/specs/{spec}", answer(h.showSpec))
	mux.Handle("GET /api/specs/{spec}/runs/{run}", answer(h.showRun))
	mux.Handle("GET /api/specs/{spec}/items", answer(h.findItems))
	mux.Handle("GET /api/specs/{spec}/item", answer(h.showItem))
	mux.Handle("GET /api/specs/{spec}/causes", answer(h.listCauses))
	mux.Handle("POST /api/specs/{spec}/start", answer(h.start))
	mux.Handle("POST /api/specs/{spec}/steer", answer(h.steer))
	mux.HandleFunc("GET /api/events", h.serveEvents)
	mux.HandleFunc("GET /files/{spec}/{name...}", h.serveFile)
	mux.HandleFunc("GET /evidence/{spec}/{run}/{number}/{name}", h.serveEvidence)
	return mux
}

// spec is the one that a request's path names.
func (h *handler) spec(r *http.Request) (*Spec, error) {
	for _, s := range h.specs {
		if s.ID == r.PathValue("spec") {
			return s, nil
		}
	}
	return nil, &statusError{http.StatusNotFound, "there is no such spec"}
}

// statusError is an error with the status that it is told with.
type statusError struct {
	status int
	text   string
}

func (e *statusError) Error() string { return e.text }

// answer makes a handler of what gives a value or an error.
func answer[T any](give func(*http.Request) (T, error)) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		r.Body = http.MaxBytesReader(w, r.Body, bodyMost)
		value, err := give(r)
		var status *statusError
		switch {
		case errors.As(err, &status):
			fail(w, status.status, status.text)
		case err != nil:
			fail(w, http.StatusInternalServerError, err.Error())
		default:
			writeJSON(w, http.StatusOK, value)
		}
	})
}

func fail(w http.ResponseWriter, status int, text string) {
	writeJSON(w, status, map[string]string{"error": text})
}

func writeJSON(w http.ResponseWriter, status int, value any) {
	w.Header().Set("Content-Type", "application/json; charset=utf-8")
	w.WriteHeader(status)
	_ = json.NewEncoder(w).Encode(value) // whoever has gone away needs no answer
}
