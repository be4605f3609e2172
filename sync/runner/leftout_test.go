package runner

import (
	"context"
	"strings"
	"testing"

	"parley/connectors"
)

// partial is a tracker that cannot read one of its projects for a while.
type partial struct {
	connectors.Tracker

	without []string
}

func (p *partial) Changes(ctx context.Context, c connectors.Cursor) (connectors.Page, error) {
	page, err := p.Tracker.Changes(ctx, c)
	page.LeftOut = p.without
	return page, err
}

func TestAProjectThatIsLeftOutIsTold(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	some := &partial{Tracker: w.runner.Trackers[0].Tracker, without: []string{"FIN"}}
	w.runner.Trackers[0].Tracker = some
	for _, c := range []struct {
		without []string
		says    string
	}{{[]string{"FIN"}, "FIN cannot be read and is left out"}, {nil, ""}} {
		some.without = c.without
		w.must(w.runner.PollSource(t.Context(), w.runner.Trackers[0], ""))
		st, err := w.store.Source(t.Context(), "jira", "")
		w.must(err)
		if !strings.HasPrefix(st.Error, c.says) || (st.Error == "") != (c.says == "") || !st.OKAt.Equal(w.clock.Now()) || !st.Imported {
			t.Errorf("without %v the source says %q, read %v", c.without, st.Error, st.OKAt)
		}
	}
}
