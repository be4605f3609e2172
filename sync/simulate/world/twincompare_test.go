package world

import (
	"fmt"
	"time"

	"github.com/google/go-cmp/cmp"

	"parley/connectors"
)

// write lets Parley send the same through the world and through a real connector.
func (tw *twin) write(n int) {
	i := tw.w.issues[(n*7)%len(tw.w.issues)]
	wr := connectors.Write{Issue: i.ref(i.last()), Op: fmt.Sprint("op-", n)}
	ctx := tw.t.Context()
	if i.kind == connectors.Jira {
		tw.jiraWrite(n, i, &wr)
	} else {
		tw.hubWrite(n, &wr)
	}
	ours, theirs := connectors.Tracker(tw.w.jira), connectors.Tracker(tw.jira)
	if i.kind == connectors.GitHub {
		ours, theirs = tw.w.github, tw.hubC
	}
	_, errA := ours.Send(ctx, wr)
	wr.Issue = tw.sameRef(i)
	_, errB := theirs.Send(ctx, wr)
	if (errA == nil) != (errB == nil) || errA != nil && connectors.KindOf(errA) != connectors.KindOf(errB) {
		tw.t.Fatalf("%+v: the world says %v, the simulator %v", wr, errA, errB)
	}
}

// sameRef is an issue as the simulators call it.
func (tw *twin) sameRef(i *issue) connectors.Ref {
	ref := i.ref(i.last())
	same := tw.ids[issueID{i.kind, i.id}]
	ref.ID = same.ID
	return ref
}

func (tw *twin) jiraWrite(n int, i *issue, wr *connectors.Write) {
	switch n % 6 {
	case 0, 1, 2:
		ways := tw.w.jira.flow.offered(i.last().status)
		wr.Transition = ways[n%len(ways)].ID
		if n%3 == 0 && ways[n%len(ways)].Screen {
			wr.Fields = map[string]string{"resolution": "Won't Do"}
		}
	case 3:
		wr.Priority = tw.w.jira.cat.priorities[n%len(tw.w.jira.cat.priorities)].ID
	case 4:
		wr.AddLabel = "carried"
	default:
		wr.Title = fmt.Sprint("Title ", n)
	}
}

func (tw *twin) hubWrite(n int, wr *connectors.Write) {
	switch n % 6 {
	case 0, 1:
		wr.AddLabel = tw.w.github.cat.family[n%len(tw.w.github.cat.family)]
	case 2:
		wr.RemoveLabel = tw.w.github.cat.family[n%len(tw.w.github.cat.family)]
	case 3:
		wr.State, wr.Reason = "closed", "not_planned"
	case 4:
		wr.State, wr.Reason = "open", "reopened"
	default:
		wr.Assign = "dora-codes"
	}
}

// compare reads every issue and its history in both, and the lists.
func (tw *twin) compare() {
	ctx := tw.t.Context()
	for _, i := range tw.w.issues {
		ours, theirs := connectors.Tracker(tw.w.jira), connectors.Tracker(tw.jira)
		if i.kind == connectors.GitHub {
			ours, theirs = tw.w.github, tw.hubC
		}
		ref, same := i.ref(i.last()), tw.sameRef(i)
		a, errA := ours.Read(ctx, ref)
		b, errB := theirs.Read(ctx, same)
		if connectors.KindOf(errA) != connectors.KindOf(errB) || (errA == nil) != (errB == nil) {
			tw.t.Fatalf("%s: the world says %v, the simulator %v", ref.Key, errA, errB)
		}
		if diff := cmp.Diff(plain(b), plain(a)); diff != "" {
			tw.t.Fatalf("%s differs (-simulator +world):\n%s", ref.Key, diff)
		}
		x, moreA, _ := ours.History(ctx, ref, -1)
		y, moreB, _ := theirs.History(ctx, same, -1)
		if diff := cmp.Diff(entriesOf(y), entriesOf(x)); diff != "" || moreA != moreB {
			tw.t.Fatalf("the history of %s differs (-simulator +world):\n%s", ref.Key, diff)
		}
	}
	tw.compareLists()
}

// compareLists reads all that changed, page by page, twice.
func (tw *twin) compareLists() {
	for _, pair := range [][2]connectors.Tracker{{tw.w.jira, tw.jira}, {tw.w.github, tw.hubC}} {
		for _, source := range pair[0].Sources() {
			var at [2]connectors.Cursor
			for n := range 6 {
				var seen [2][]string
				for k, t := range pair {
					at[k].Source = source
					p, err := t.Changes(tw.t.Context(), at[k])
					tw.must(err)
					for _, o := range p.Observations {
						seen[k] = append(seen[k], fmt.Sprint(o.Issue.Key, " ", o.Issue.Updated, " ", len(o.Entries), " ", o.Since >= 0))
					}
					at[k] = p.Next
					seen[k] = append(seen[k], fmt.Sprint(p.More, p.Unchanged, p.ServerTime, p.Next.Watermark, p.Next.Since))
				}
				if diff := cmp.Diff(seen[1], seen[0]); diff != "" {
					tw.t.Fatalf("page %d of %q differs (-simulator +world):\n%s", n, source, diff)
				}
				if n == 3 {
					tw.w.Advance(15 * time.Minute)
					tw.clock.Set(tw.w.now)
				}
			}
		}
	}
}

// plain leaves out what is given by each product in its own way: ids and addresses.
func plain(o connectors.Observation) connectors.Observation {
	o.Issue.ID, o.Issue.URL, o.Issue.Resolution.ID = "", "", ""
	o.Entries, o.Since = entriesOf(o.Entries), min(o.Since, 0)
	if len(o.Issue.Labels) == 0 {
		o.Issue.Labels = nil
	}
	return o
}

func entriesOf(list []connectors.Entry) []connectors.Entry {
	out := make([]connectors.Entry, 0, len(list))
	for _, e := range list {
		e.ID, e.Seq, e.IssueID = "", 0, ""
		e.Changes = append([]connectors.Change(nil), e.Changes...)
		for n := range e.Changes {
			if f := e.Changes[n].Field; f == "resolution" || f == "project" {
				e.Changes[n].From, e.Changes[n].To = "", ""
			}
		}
		out = append(out, e)
	}
	return out
}
