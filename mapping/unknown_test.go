package mapping

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"parley/connectors"
)

func TestProjectsWithTheSameStatusesAreToldInAWord(t *testing.T) {
	t.Parallel()
	ks := []known{
		{Option: connectors.Option{Name: "Open"}},
		{Option: connectors.Option{Name: "Done"}, used: []string{"OPS", "FIN"}},
		{Option: connectors.Option{Name: "Closed"}, used: []string{"HR"}},
	}
	want := []string{"OPS, FIN have: Open, Done", "HR has: Open, Closed"}
	if diff := cmp.Diff(want, perProject([]string{"OPS", "HR", "FIN"}, ks)); diff != "" {
		t.Error(diff)
	}
}
