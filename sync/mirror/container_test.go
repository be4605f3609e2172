package mirror

import "testing"

// TestTwinInAnotherContainerIsNotAdopted holds that a twin which a rule made elsewhere,
// of the same issue and with a mark of its own, is not taken for the one of this create.
func TestTwinInAnotherContainerIsNotAdopted(t *testing.T) {
	t.Parallel()
	elsewhere := mirrored("7", 101)
	elsewhere.Container = "acme/y"
	elsewhere.Mark = machine().Mark("jira", "10007", "acme/y")
	if _, proved := machine().Proved(elsewhere); !proved {
		t.Fatal("its mark is not proved")
	}
	if s := machine().Seen(sent(t), []Item{elsewhere}, at(110)); s.State != Sending {
		t.Errorf("adopted as %s", s.Issue)
	}
}
