package cli

import (
	"bytes"
	"encoding/json"
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"parley/kanban/flow"
)

// exported is the document that the command makes of a file of events.
func exported(t *testing.T, events, now string) flow.Report {
	t.Helper()
	var out, bad bytes.Buffer
	if code := Main(t.Context(), []string{"export", "flow", "--events", events, "--now", now, "--json"}, IO{Out: &out, Err: &bad}, "test"); code != 0 {
		t.Fatalf("exit %d: %s", code, bad.String())
	}
	return report(t, out.Bytes())
}

func report(t *testing.T, text []byte) (out flow.Report) {
	t.Helper()
	if err := json.Unmarshal(text, &out); err != nil {
		t.Fatal(err)
	}
	return out
}

func compare(t *testing.T, want, got flow.Report) {
	t.Helper()
	utc := cmp.Transformer("UTC", func(at time.Time) time.Time { return at.UTC() })
	if diff := cmp.Diff(want, got, utc, cmpopts.EquateApprox(1e-12, 1e-9), cmpopts.EquateEmpty()); diff != "" {
		t.Error(diff)
	}
}

// The shared events give the whole of the expected document, card by card and in sum. Only
// that document names its lists by their days.
func TestTheSharedEventsThroughTheCommand(t *testing.T) {
	t.Parallel()
	root := os.Getenv("PARLEY_DATA")
	if root == "" {
		t.Skip("PARLEY_DATA is not set: the shared flow data are not checked")
	}
	read := func(name string) []byte {
		text, err := os.ReadFile(filepath.Join(root, "flow", name))
		if err != nil {
			t.Fatal(err)
		}
		return text
	}
	want := report(t, bytes.ReplaceAll(read("d1_expected.json"), []byte("throughput_daily_nov02_nov20"), []byte("throughput_daily")))
	var extra struct {
		Stints struct {
			flow.StintSums
			WIPByDay []int `json:"wip_by_day_nov02_to_nov20"`
		} `json:"d1_stints"`
		Share flow.ShareSums `json:"unplanned_share"`
	}
	if err := json.Unmarshal(read("extra_expected.json"), &extra); err != nil {
		t.Fatal(err)
	}
	got := exported(t, filepath.Join(root, "flow", "d1_events.csv"), "2026-11-20T18:00:00Z")
	s := &want.Summary
	s.From, s.To, s.CFD = "2026-11-02", "2026-11-20", got.Summary.CFD // of which the file says nothing
	s.WIPByDay, s.Stints, s.UnplannedShare = extra.Stints.WIPByDay, extra.Stints.StintSums, extra.Share
	if len(want.Cards) != 12 || s.WIPAge != 28 || len(s.WIPByDay) != 19 || s.Stints.Days != 74 || s.UnplannedShare.ByCount == 0 {
		t.Fatalf("the files are not what they were: %+v", s)
	}
	compare(t, want, got)
}

// A fortnight of Parley's own, with a card for each case, counted by hand.
func TestAFortnightThroughTheCommand(t *testing.T) {
	t.Parallel()
	text, err := os.ReadFile("testdata/fortnight_expected.json")
	if err != nil {
		t.Fatal(err)
	}
	compare(t, report(t, text), exported(t, "testdata/fortnight_events.csv", "2026-06-12T08:00:00Z"))
}
