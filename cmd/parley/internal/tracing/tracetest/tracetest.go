// Package tracetest is a collector of traces for tests.
package tracetest

import (
	"io"
	"net/http"
	"net/http/httptest"
	"slices"
	"strconv"
	"sync"
	"testing"
	"time"

	collector "go.opentelemetry.io/proto/otlp/collector/trace/v1"
	common "go.opentelemetry.io/proto/otlp/common/v1"
	"google.golang.org/protobuf/proto"
)

// Span is a span as it arrived.
type Span struct {
	Name     string
	Trace    string
	ID       string
	Parent   string // "" for the first of a trace
	Failed   string // the kind of the failure, "" for none
	Resource map[string]string
	Has      map[string]string // numbers in decimal
}

// Collector takes spans by OTLP over HTTP and keeps them.
type Collector struct {
	URL string

	mu      sync.Mutex
	spans   []Span
	bodies  []byte
	headers []http.Header
}

// New serves a collector until the test ends.
func New(t *testing.T) *Collector {
	t.Helper()
	c := &Collector{}
	s := httptest.NewServer(c)
	t.Cleanup(s.Close)
	c.URL = s.URL
	return c
}

// ServeHTTP takes one batch.
func (c *Collector) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	body, err := io.ReadAll(r.Body)
	var batch collector.ExportTraceServiceRequest
	if err != nil || r.Method != http.MethodPost || r.URL.Path != "/v1/traces" || proto.Unmarshal(body, &batch) != nil {
		http.Error(w, "no batch of spans", http.StatusBadRequest)
		return
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	c.bodies, c.headers = append(c.bodies, body...), append(c.headers, r.Header)
	for _, of := range batch.GetResourceSpans() {
		about := values(of.GetResource().GetAttributes())
		for _, scope := range of.GetScopeSpans() {
			for _, s := range scope.GetSpans() {
				c.spans = append(c.spans, Span{
					Name: s.GetName(), Trace: string(s.GetTraceId()), ID: string(s.GetSpanId()), Parent: string(s.GetParentSpanId()),
					Failed: s.GetStatus().GetMessage(), Resource: about, Has: values(s.GetAttributes()),
				})
			}
		}
	}
}

func values(list []*common.KeyValue) map[string]string {
	out := map[string]string{}
	for _, kv := range list {
		if n, number := kv.GetValue().GetValue().(*common.AnyValue_IntValue); number {
			out[kv.GetKey()] = strconv.FormatInt(n.IntValue, 10)
			continue
		}
		out[kv.GetKey()] = kv.GetValue().GetStringValue()
	}
	return out
}

// Spans are those that have arrived.
func (c *Collector) Spans() []Span {
	c.mu.Lock()
	defer c.mu.Unlock()
	return slices.Clone(c.spans)
}

// Sent is all that was ever sent to the collector, as bytes, and the headers beside it.
func (c *Collector) Sent() (string, []http.Header) {
	c.mu.Lock()
	defer c.mu.Unlock()
	return string(c.bodies), slices.Clone(c.headers)
}

// Await waits until spans have arrived that meet what is asked for.
func (c *Collector) Await(t *testing.T, what string, met func([]Span) bool) []Span {
	t.Helper()
	tick := time.NewTicker(20 * time.Millisecond)
	defer tick.Stop()
	late := time.After(time.Minute)
	for {
		if all := c.Spans(); met(all) {
			return all
		}
		select {
		case <-tick.C:
		case <-late:
			t.Fatalf("waited a minute for %s", what)
		}
	}
}
