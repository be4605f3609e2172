package engine

import (
	"testing"

	"parley/connectors"
	"parley/kanban"
)

// A moment is a second long: labels that were put on in the second of the picture may be
// on it or not, and it says so itself.
func TestWhatAFirstPictureShowsOfItsOwnMoment(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		labels []string
		want   kanban.Value
	}{
		"taken before": {nil, "high"},
		"taken after":  {[]string{"p-high"}, "high"},
		"in between":   {[]string{"p-medium"}, "high"}, // p-medium was taken off after it
	} {
		d := paired(t)
		issue := d.issue[kanban.GitHub]
		issue.Labels, issue.Updated = c.labels, d.now
		entry := func(seq int64, change connectors.Change) connectors.Entry {
			return connectors.Entry{Seq: seq, IssueID: issue.ID, At: issue.Updated, Actor: connectors.Person{ID: "ben"}, Changes: []connectors.Change{change}}
		}
		o := connectors.Observation{Issue: issue, Since: -1, Entries: []connectors.Entry{
			entry(1, to(kanban.ChangeLabel, "p-medium")), entry(2, off("p-medium")), entry(3, to(kanban.ChangeLabel, "p-high")),
		}}
		step := d.eng.Step(Card{ID: "new"}, Observed{Side: kanban.GitHub, Observation: o}, d.now)
		if got := step.Card.Priority; got.Agreed != c.want || got.Sides[kanban.GitHub].Native != "label:p-high" {
			t.Errorf("%s: %q by %q, want %q", name, got.Agreed, got.Sides[kanban.GitHub].Native, c.want)
		}
	}
}
