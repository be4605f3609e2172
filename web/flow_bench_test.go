package web_test

import (
	"context"
	"net/http"
	"net/http/httptest"
	"testing"

	"parley/sync/view"
	"parley/web"
)

// kept is a desk whose pictures are taken already.
type kept struct {
	*desk
	flow view.FlowPicture
	load view.Workload
}

// FlowPicture is the one that was taken.
func (k kept) FlowPicture(context.Context, view.FlowQuery) (view.FlowPicture, error) {
	return k.flow, nil
}

// Workload is the one that was taken.
func (k kept) Workload(context.Context, view.FlowQuery) (view.Workload, error) { return k.load, nil }

// BenchmarkFlowPages measures the pages of 100,000 cards of a third of a year, once their
// pictures are taken.
func BenchmarkFlowPages(b *testing.B) {
	in := companyOf(100_000)
	d := kept{newDesk(), view.NewFlowPicture(in, view.FlowQuery{}), view.NewWorkload(in, view.FlowQuery{})}
	h := web.New(web.Options{Readers: same(d), Identity: web.Everybody(view.Somebody()), Limits: web.LocalLimits()})
	for _, path := range []string{"/flow", "/workload"} {
		b.Run(path[1:], func(b *testing.B) {
			for b.Loop() {
				r := httptest.NewRequest(http.MethodGet, "http://localhost"+path, nil)
				rec := httptest.NewRecorder()
				if h.ServeHTTP(rec, r); rec.Code != http.StatusOK {
					b.Fatal(rec.Code, rec.Body)
				}
				b.ReportMetric(float64(rec.Body.Len()), "B/page")
			}
		})
	}
}
