package jira_test

import (
	"fmt"
	"testing"
	"time"

	"parley/connectors"
	"parley/connectors/sim/jirasim"
)

// histories reads all pages, and counts them.
func (b *bench) histories(refs ...connectors.Ref) (map[string][]connectors.Entry, int) {
	b.t.Helper()
	all, token, pages := map[string][]connectors.Entry{}, "", 0
	for {
		page, ok, err := b.client.Histories(b.t.Context(), refs, token)
		b.must(err)
		if !ok || len(page.Broken) > 0 {
			b.t.Fatalf("ok %v, broken %v", ok, page.Broken)
		}
		for _, e := range page.Entries {
			all[e.IssueID] = append(all[e.IssueID], e)
		}
		if pages++; page.Next == "" {
			return all, pages
		}
		token = page.Next
	}
}

// TestSimManyHistoriesInOneRequest reads a history beyond a page, a short one, one without
// an entry that counts, and that of an issue which is gone, whatever form moments have.
func TestSimManyHistoriesInOneRequest(t *testing.T) {
	t.Parallel()
	for _, form := range []string{"ms", "s", "text"} {
		t.Run(form, func(t *testing.T) {
			t.Parallel()
			b := newBench(t, func(o *jirasim.Options) { o.BulkTimes = form })
			issues := b.create(4)
			for i := range 1100 {
				b.clock.Advance(time.Second)
				b.must(b.site.Edit("ana", issues[0].Key, jirasim.Edit{Summary: new(fmt.Sprintf("Title %d", i))}))
			}
			b.must(b.site.Transition("ana", issues[1].Key, "11", jirasim.Edit{}))
			b.must(b.site.Edit("ana", issues[2].Key, jirasim.Edit{Description: new("Nobody counts this")}))
			b.must(b.site.Delete("ana", issues[3].Key))
			b.poll() // the account is known
			before := b.site.Log().Len()
			got, pages := b.histories(ref(issues[0]), ref(issues[1]), ref(issues[2]), ref(issues[3]))
			if asked := b.site.Log().Len() - before; pages != 2 || asked != 2 {
				t.Errorf("%d pages, %d requests", pages, asked)
			}
			if len(got) != 2 || len(got[issues[0].ID]) != 1100 {
				t.Fatalf("%d issues, %d entries of the first", len(got), len(got[issues[0].ID]))
			}
			for _, v := range issues[:2] {
				want, _ := b.site.Issue(v.Key)
				for i, e := range got[v.ID] {
					h := want.History[i]
					if e.ID != fmt.Sprint(h.ID) || e.At.Sub(h.At).Abs() > time.Second || e.Actor.ID != "ana" || len(e.Changes) != len(h.Items) || e.Own {
						t.Fatalf("%s, entry %d: %+v, want %+v", v.Key, i, e, h)
					}
				}
			}
		})
	}
}

func TestServerHasNoManyHistories(t *testing.T) {
	t.Parallel()
	b := newServerBench(t)
	v := b.create(1)[0]
	if page, ok, err := b.client.Histories(t.Context(), []connectors.Ref{ref(v)}, ""); ok || err != nil || len(page.Entries) > 0 {
		t.Errorf("%+v, %v, %v", page, ok, err)
	}
}
