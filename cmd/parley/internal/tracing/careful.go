package tracing

import (
	"context"
	"errors"
	"log/slog"
	"net"
	"sync/atomic"

	sdk "go.opentelemetry.io/otel/sdk/trace"
)

// careful has a failure to send cost the spans alone, and tells of it once, not in the words
// of the collector: they may be anything, and repeat what it was sent.
type careful struct {
	sdk.SpanExporter

	log  *slog.Logger
	down atomic.Bool
}

func carefully(e sdk.SpanExporter, log *slog.Logger) *careful {
	return &careful{SpanExporter: e, log: log}
}

// ExportSpans sends spans. It never fails.
func (c *careful) ExportSpans(ctx context.Context, spans []sdk.ReadOnlySpan) error {
	err := c.SpanExporter.ExportSpans(ctx, spans)
	switch was := c.down.Swap(err != nil); {
	case err != nil && !was:
		c.log.WarnContext(ctx, "traces cannot be sent; they are dropped until the collector takes them again, and nothing waits for it", "why", why(err))
	case err == nil && was:
		c.log.InfoContext(ctx, "the collector takes traces again")
	}
	return nil
}

// why is a failure to send, in words of our own.
func why(err error) string {
	var n net.Error
	if _, unreached := errors.AsType[*net.OpError](err); unreached {
		return "it cannot be reached"
	}
	if _, unknown := errors.AsType[*net.DNSError](err); unknown {
		return "its name does not resolve"
	}
	if errors.Is(err, context.DeadlineExceeded) || errors.As(err, &n) && n.Timeout() {
		return "it does not answer in time"
	}
	return "it refuses them"
}
