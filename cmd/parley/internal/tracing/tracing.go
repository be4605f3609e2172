// Package tracing sends the spans that Parley tells of its work (internal/trace) to a
// collector, by OTLP over HTTP. It is the only importer of OpenTelemetry. A collector that
// is down, slow or hostile costs spans and nothing else: they wait in a queue of bounded
// length, are sent by one goroutine, and are dropped where they cannot be sent.
package tracing

import (
	"context"
	"fmt"
	"log/slog"
	"net/http"
	"strings"
	"time"

	"github.com/go-logr/logr"
	"go.opentelemetry.io/otel"
	"go.opentelemetry.io/otel/attribute"
	"go.opentelemetry.io/otel/codes"
	"go.opentelemetry.io/otel/exporters/otlp/otlptrace/otlptracehttp"
	"go.opentelemetry.io/otel/sdk/resource"
	sdk "go.opentelemetry.io/otel/sdk/trace"
	api "go.opentelemetry.io/otel/trace"

	"parley/internal/trace"
)

// Options says where spans go. With Endpoint "" the standard variables OTEL_* say it.
type Options struct {
	Endpoint string            // address that takes spans; one without a path means /v1/traces
	Headers  map[string]string // sent along; none: those of the environment
	Sample   float64           // share of the traces that are kept, 0 to 1
	Version  string            // of Parley
	Instance string            // names this process
	Log      *slog.Logger

	// Env looks up variables of the environment.
	Env func(name string) (value string, ok bool)
}

// On reports whether anything is to be sent.
func (o Options) On() bool {
	set := func(name string) string {
		value, _ := o.Env(name)
		return strings.TrimSpace(value)
	}
	switch exporter := set("OTEL_TRACES_EXPORTER"); {
	case strings.EqualFold(set("OTEL_SDK_DISABLED"), "true"):
		return false
	case o.Endpoint != "":
		return true
	case exporter != "" && exporter != "otlp":
		return false
	}
	return set("OTEL_EXPORTER_OTLP_TRACES_ENDPOINT") != "" || set("OTEL_EXPORTER_OTLP_ENDPOINT") != ""
}

// Bounds on what a collector can cost.
const (
	sending = 10 * time.Second // one batch, from the connection to the end of the answer
	ending  = 2 * time.Second  // what is left in the queue, when Parley stops
	answer  = 64 << 10         // bytes that are read of an answer
)

// Tracing sends spans. Make it with Open and end it with Close.
type Tracing struct {
	provider *sdk.TracerProvider
	tracer   api.Tracer
}

// Open makes ready to send spans. It asks nobody.
func Open(ctx context.Context, o Options) (*Tracing, error) {
	// The library would print what it cannot read of the environment, which may be a secret,
	// and what a collector answers. What failed is told by carefully.
	otel.SetLogger(logr.Discard())
	otel.SetErrorHandler(otel.ErrorHandlerFunc(func(error) {}))
	exporter, err := otlptracehttp.New(ctx, o.exporting()...)
	if err != nil {
		return nil, fmt.Errorf("make ready to send traces: %w", err)
	}
	about, err := resource.New(ctx, resource.WithAttributes(
		attribute.String("service.name", "parley"), attribute.String("service.version", o.Version), attribute.String("service.instance.id", o.Instance),
	), resource.WithFromEnv())
	if err != nil { // a part of the environment that cannot be read is left out
		o.Log.WarnContext(ctx, "OTEL_RESOURCE_ATTRIBUTES cannot be read; it is left out")
	}
	options := []sdk.TracerProviderOption{sdk.WithBatcher(carefully(exporter, o.Log)), sdk.WithResource(about)}
	if o.Endpoint != "" {
		options = append(options, sdk.WithSampler(sdk.ParentBased(sdk.TraceIDRatioBased(o.Sample))))
	}
	p := sdk.NewTracerProvider(options...)
	return &Tracing{provider: p, tracer: p.Tracer("parley")}, nil
}

// exporting is how spans are sent: once each, never to where an answer points.
func (o Options) exporting() []otlptracehttp.Option {
	client := &http.Client{
		Transport: base(), Timeout: sending,
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
	}
	out := []otlptracehttp.Option{
		otlptracehttp.WithHTTPClient(client), otlptracehttp.WithMaxResponseSize(answer),
		otlptracehttp.WithRetry(otlptracehttp.RetryConfig{Enabled: false}),
	}
	if o.Endpoint != "" {
		out = append(out, otlptracehttp.WithEndpointURL(o.Endpoint))
	}
	if len(o.Headers) > 0 { // else those of the environment
		out = append(out, otlptracehttp.WithHeaders(o.Headers))
	}
	return out
}

// base is net/http's transport with a bound on the head of an answer.
func base() http.RoundTripper {
	t, ok := http.DefaultTransport.(*http.Transport)
	if !ok {
		return http.DefaultTransport
	}
	t = t.Clone()
	t.MaxResponseHeaderBytes = answer
	return t
}

// Close sends what is left, for a short while, and ends.
func (t *Tracing) Close(ctx context.Context) error {
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), ending)
	defer cancel()
	if err := t.provider.Shutdown(ctx); err != nil {
		return fmt.Errorf("send the last traces: %w", err)
	}
	return nil
}

// Begin begins a span. One that is not kept costs its place in the context.
func (t *Tracing) Begin(ctx context.Context, name string) (context.Context, trace.Recorder) {
	kind := api.SpanKindInternal
	switch name {
	case "http":
		kind = api.SpanKindServer
	case requesting:
		kind = api.SpanKindClient
	}
	ctx, span := t.tracer.Start(ctx, name, api.WithSpanKind(kind))
	if !span.IsRecording() {
		return ctx, nil
	}
	return ctx, recorder{span}
}

// recorder is a span in the terms of OpenTelemetry.
type recorder struct{ api.Span }

func (r recorder) Text(key, value string) {
	if value != "" {
		r.SetAttributes(attribute.String(key, value))
	}
}

func (r recorder) Number(key string, n int64) { r.SetAttributes(attribute.Int64(key, n)) }

func (r recorder) Rename(name string) { r.SetName(name) }

func (r recorder) Fail(kind string) {
	r.SetAttributes(attribute.String("error.type", kind))
	r.SetStatus(codes.Error, kind)
}

func (r recorder) End() { r.Span.End() }
