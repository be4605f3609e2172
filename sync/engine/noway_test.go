package engine

import (
	"strings"
	"testing"

	"parley/connectors"
	"parley/kanban"
	"parley/sync/reconcile"
)

// A way that asks for a field is told with the setting that fills it in.
func TestNoWayNamesWhatIsMissing(t *testing.T) {
	t.Parallel()
	d := paired(t)
	turn := turn{Engine: d.eng}
	op := reconcile.Op{Side: kanban.Jira, Field: kanban.FieldStatus, To: "5"}
	free := connectors.Transition{ID: "1", To: connectors.Option{ID: "2", Name: "Doing"}}
	asking := connectors.Transition{ID: "2", To: connectors.Option{ID: "5", Name: "Done"}, Required: []string{"resolution"}}
	if got := turn.noWay(&op, Routed{Offered: []connectors.Transition{free, asking}}); !strings.HasSuffix(got, "it offers Doing, Done (needs resolution); what is needed can be given a value in transition_defaults of this Jira") {
		t.Error(got)
	}
	if got := turn.noWay(&op, Routed{Offered: []connectors.Transition{free}}); !strings.HasSuffix(got, "it offers Doing") {
		t.Error(got)
	}
	if got := turn.noWay(&op, Routed{}); !strings.HasSuffix(got, "it offers nothing") {
		t.Error(got)
	}
}
