package main

import (
	"encoding/hex"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"

	collector "go.opentelemetry.io/proto/otlp/collector/trace/v1"
	common "go.opentelemetry.io/proto/otlp/common/v1"
	otlp "go.opentelemetry.io/proto/otlp/trace/v1"
	"google.golang.org/protobuf/proto"

	"pipe/cmd/pipe/internal/app"
	"pipe/pipeline/practice"
)

// collected is what a collector has got.
type collected struct {
	*httptest.Server

	mu      sync.Mutex
	service string
	spans   []*otlp.Span
}

func newCollector(t *testing.T) *collected {
	t.Helper()
	r := &collected{}
	r.Server = httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, req *http.Request) {
		body, err := io.ReadAll(req.Body)
		var got collector.ExportTraceServiceRequest
		if err == nil {
			err = proto.Unmarshal(body, &got)
		}
		if err != nil || req.URL.Path != "/v1/traces" {
			t.Errorf("%s: %v", req.URL.Path, err)
			w.WriteHeader(http.StatusBadRequest)
			return
		}
		r.mu.Lock()
		defer r.mu.Unlock()
		for _, of := range got.ResourceSpans {
			r.service = attribute(of.Resource.Attributes, "service.name")
			for _, scope := range of.ScopeSpans {
				r.spans = append(r.spans, scope.Spans...)
			}
		}
	}))
	t.Cleanup(r.Close)
	return r
}

func attribute(all []*common.KeyValue, name string) string {
	for _, one := range all {
		if one.Key == name {
			return one.Value.GetStringValue()
		}
	}
	return ""
}

// Each attempt is a trace with its stages and, within them, its steps.
func TestTraces(t *testing.T) {
	t.Parallel()
	to := newCollector(t)
	j := newJob(t, practice.Options{Vehicles: 3, Missing: 1})
	j.env = append(j.env, "OTEL_EXPORTER_OTLP_ENDPOINT="+to.URL, "OTEL_SERVICE_NAME=night-shift")
	j.run(app.ExitFailed, "--contexts", "1", "--pages", "2")
	to.mu.Lock()
	defer to.mu.Unlock()
	byID, names, items := map[string]*otlp.Span{}, map[string]int{}, map[string]bool{}
	var run *otlp.Span
	for _, s := range to.spans {
		byID[hex.EncodeToString(s.SpanId)] = s
		names[s.Name]++
		if s.Name == "run" {
			run = s
		}
	}
	// Three vehicles at once, and two looks at the one that is not there.
	if to.service != "night-shift" || names["run"] != 1 || names["item"] != 5 || names["login"] != 1 || names["source"] != 1 {
		t.Fatalf("of %s came %v", to.service, names)
	}
	for _, s := range to.spans {
		parent := byID[hex.EncodeToString(s.ParentSpanId)]
		switch {
		case s.Name == "item":
			items[attribute(s.Attributes, "pipe.item.key")] = true
			if parent != nil || len(s.Links) != 1 || string(s.Links[0].SpanId) != string(run.SpanId) {
				t.Errorf("an attempt is not linked to the run: %v", s)
			}
			failed := attribute(s.Attributes, "error.type")
			if (failed == "not_found") != (s.Status.GetCode() == otlp.Status_STATUS_CODE_ERROR) {
				t.Errorf("%s: %v", failed, s.Status)
			}
		case strings.HasPrefix(s.Name, "stage "):
			within(t, s, parent, "item")
		case strings.HasPrefix(s.Name, "step navigate.steps["):
			within(t, s, parent, "stage navigate")
		case strings.HasPrefix(s.Name, "step download["):
			within(t, s, parent, "stage ", "step download[")
		}
	}
	for _, v := range j.site.Vehicles() {
		if !items[v.Reference] {
			t.Errorf("there is no trace of %s", v.Reference)
		}
	}
	for _, name := range []string{"stage open", "stage navigate", "stage download", "stage fetch", "stage prove"} {
		if names[name] < 3 {
			t.Errorf("%d spans are %s: %v", names[name], name, names)
		}
	}
	for _, s := range to.spans {
		j.noSecret("a span", s.String(), practice.DefaultPassword)
	}
}

// within wants a span to be inside of a parent of one of these names.
func within(t *testing.T, s, parent *otlp.Span, names ...string) {
	t.Helper()
	if parent == nil {
		t.Errorf("%s has no parent", s.Name)
		return
	}
	if s.StartTimeUnixNano < parent.StartTimeUnixNano || s.EndTimeUnixNano > parent.EndTimeUnixNano {
		t.Errorf("%s is not within its parent, %s", s.Name, parent.Name)
	}
	for _, name := range names {
		if strings.HasPrefix(parent.Name, name) {
			return
		}
	}
	t.Errorf("%s is in %s, not in one of %v", s.Name, parent.Name, names)
}

// A collector that is not there changes nothing but a warning.
func TestTracesRefused(t *testing.T) {
	t.Parallel()
	j := newJob(t, practice.Options{Vehicles: 2})
	j.env = append(j.env, "OTEL_EXPORTER_OTLP_ENDPOINT=http://"+freeAddress(t), "OTEL_EXPORTER_OTLP_TIMEOUT=1000")
	out := j.run(app.ExitDone)
	if n := strings.Count(out, "traces could not be sent"); n != 1 {
		t.Errorf("%d warnings:\n%s", n, out)
	}
	j.env = append(j.env, "OTEL_EXPORTER_OTLP_PROTOCOL=carrier-pigeon")
	has(t, j.run(app.ExitEnvironment), `OTEL_EXPORTER_OTLP_PROTOCOL is "carrier-pigeon": http/protobuf and grpc are known`)
}
