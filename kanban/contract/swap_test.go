package contract_test

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"parley/kanban/contract"
)

// TestASwapIsBookedAsItBegan holds that a swap that was written is in the ledger: by how
// things stood when it began, or as one that counts for nothing, with the reason.
func TestASwapIsBookedAsItBegan(t *testing.T) {
	t.Parallel()
	const lowered = `
11-02 09:00 created A to=requests unit=trading ready prio=high by=business
11-02 09:00 created B to=requests unit=trading ready prio=low by=business
11-02 10:00 moved A to=committed by=it
11-05 10:00 described B prio=high by=business
11-08 23:58 described A prio=low by=business
`
	for name, c := range map[string]struct{ lines, booked, over string }{
		"within its week":         {"11-08 23:59 swapped B other=A", "swap B A +0", ""},
		"over the end of it":      {"11-09 00:01 swapped B other=A began=11-08_23:50", "swap B A +0", ""},
		"begun after the end":     {"11-09 00:01 swapped B other=A began=11-09_00:00", "void B A +0", ""},
		"begun in between":        {"11-08 23:58 moved A to=doing\n11-08 23:59 swapped B other=A began=11-08_23:50", "swap B A +0", ""},
		"delivered in between":    {"11-08 23:58 moved A to=verify\n11-08 23:59 swapped B other=A began=11-08_23:50", "swap B A +0", ""},
		"begun before":            {"11-08 23:58 moved A to=doing\n11-08 23:59 swapped B other=A", "void B A +0", "B"},
		"raised in between":       {"11-08 23:58 described A prio=high\n11-08 23:59 swapped B other=A began=11-08_23:50", "swap B A +0", "A"},
		"raised afterwards":       {"11-08 23:58 swapped B other=A\n11-08 23:59 described A prio=high", "swap B A +0", "A"},
		"withdrawn in between":    {"11-08 23:58 moved B to=withdrawn by=business\n11-08 23:59 swapped B other=A began=11-08_23:50", "void B A +0", ""},
		"of what nobody knows":    {"11-08 23:59 swapped B other=X", "void B X +0", "B"},
		"B is begun, over Monday": {"11-08 23:59 moved B to=doing\n11-09 00:01 swapped B other=A began=11-08_23:50", "release B +1 swap B A +0", ""},
	} {
		now := "11-08 23:59"
		if strings.Contains(c.lines, "11-09") {
			now = "11-09 00:02"
		}
		a := fold(oneSlot(), "trading", now, lowered+c.lines)
		var got []string
		for _, line := range booked(a) {
			if line != "commit B -1" && !strings.HasPrefix(line, "grant") && !strings.HasPrefix(line, "commit A") && !strings.HasPrefix(line, "forfeit") {
				got = append(got, line)
			}
		}
		if diff := cmp.Diff(c.booked, strings.Join(got, " ")); diff != "" || over(a) != c.over {
			t.Errorf("%s: over is %q, want %q; booked: %s", name, over(a), c.over, diff)
		}
		if sum := contract.Balance(a.Entries); sum != a.Free {
			t.Errorf("%s: the entries add up to %d, free are %d", name, sum, a.Free)
		}
		for _, e := range a.Entries {
			if e.Kind == contract.Void && !strings.Contains(e.Note, "counts for nothing: ") {
				t.Errorf("%s: nothing says why: %q", name, e.Note)
			}
		}
	}
}
