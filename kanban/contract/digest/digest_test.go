package digest_test

import (
	"encoding/json"
	"flag"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"parley/kanban"
	"parley/kanban/calendar"
	"parley/kanban/contract"
	"parley/kanban/contract/digest"
)

var update = flag.Bool("update", false, "write the golden files anew")

func zone(t *testing.T) *time.Location {
	t.Helper()
	z, err := time.LoadLocation("Europe/Paris")
	if err != nil {
		t.Fatal(err)
	}
	return z
}

// week is the period that these digests are about, 2026-W46.
func week() contract.Period { return contract.PeriodOf(calendar.On(2026, time.November, 9)) }

func on(day, hour int) time.Time { return time.Date(2026, time.November, day, hour, 0, 0, 0, time.UTC) }

func agreed() contract.Contract {
	one := contract.Terms{From: calendar.On(2026, time.November, 2), Slots: 3, Carry: 2, Cutoff: contract.Cutoff{Day: time.Tuesday, Hour: 12}, Expedites: 2,
		SLEDays: 8, SLEShare: 85, AnswerDays: 2, AcceptDays: 2, Unplanned: 25, Agreed: contract.Agreed{Business: "Mia", IT: "Ana"}}
	two := one
	two.From, two.Slots, two.Unplanned, two.Over = calendar.On(2026, time.November, 16), 4, 20, contract.Ask
	two.Holidays, two.Priorities, two.Ready = []calendar.Day{calendar.On(2026, time.December, 24)}, []kanban.PriorityKey{"high"}, []string{"due"}
	three := two
	three.From, three.Agreed.IT = calendar.On(2026, time.November, 30), "Bo"
	return contract.Contract{Unit: "trading", Name: "Trading", Versions: []contract.Terms{one, two, three}}
}

func verdict(p contract.Promise, card kanban.CardID, o contract.Outcome, f contract.Facts) contract.Verdict {
	return contract.Verdict{ID: "trading/" + string(p) + "/" + string(card), Promise: p, Unit: "trading", Period: week(), Card: card, Outcome: o, Due: on(13, 23), Facts: f}
}

// account is a week with every outcome, on its Monday morning after.
func account() contract.Account {
	duty := contract.Facts{From: on(9, 9), To: on(10, 9), DueDay: calendar.On(2026, time.November, 11), Used: 1, Limit: 2}
	late := contract.Facts{From: on(9, 9), To: on(13, 9), DueDay: calendar.On(2026, time.November, 11), Used: 4, Limit: 2}
	gap := late
	gap.Gap = &contract.Gap{Tracker: "jira", From: on(11, 20), To: on(12, 3)}
	late.Left = kanban.Done
	contested := verdict(contract.Accept, "OPS-4", contract.Broken, late)
	contested.Contested = true
	shield := verdict(contract.Shield, "", contract.Pending, contract.Facts{Met: 1, Of: 3, Limit: 25, Failing: true})
	shield.Due = on(17, 23)
	before := verdict(contract.Reply, "OPS-0", contract.Broken, late)
	before.Period = week().Back(1)
	slots := contract.Count{Slots: 3, Ready: 3, Taken: 1, Expedites: 1, Cap: 2}.Reckon()
	return contract.Account{
		Unit: "trading", Name: "Trading", Version: 2,
		Statements: []contract.Statement{
			{Unit: "trading", Period: week().Back(1), Closed: true, Slots: contract.Slots{Offered: 9}},
			{Unit: "trading", Period: week(), Closed: true, Count: contract.Count{Slots: 3, Ready: 3, Taken: 1, Expedites: 1, Cap: 2}, Slots: slots},
			{Unit: "trading", Period: week().Next()},
		},
		Verdicts: []contract.Verdict{
			before, verdict(contract.TakeOn, "", contract.Broken, contract.Facts{Slots: slots}), verdict(contract.Deliver, "", contract.NotApplicable, contract.Facts{}),
			verdict(contract.Reply, "OPS-1", contract.Kept, duty), verdict(contract.Reply, "OPS-2", contract.Unknown, gap), shield,
			verdict(contract.AnswerDuty, "OPS-3", contract.Kept, duty), contested, verdict(contract.Restrain, "", contract.Kept, contract.Facts{Used: 1, Limit: 2}),
		},
		AtRisk: []contract.Verdict{verdict(contract.AnswerDuty, "secret", contract.Pending, contract.Facts{From: on(13, 9), DueDay: calendar.On(2026, time.November, 17), Used: 1, Limit: 2})},
	}
}

func source(t *testing.T) digest.Source {
	t.Helper()
	head := contract.Seal("trading", nil)
	return digest.Source{
		Account: account(), Agreed: agreed(), Now: on(16, 0), Page: "https://parley.acme.example/contract/trading",
		Names: contract.Names{Unit: "Trading", Calendar: calendar.New(zone(t)), Card: func(id kanban.CardID) string {
			if id == "secret" {
				return "a card that is not for you to read"
			}
			return string(id)
		}},
		Gaps:   []contract.Gap{{Tracker: "jira", From: on(11, 20), To: on(12, 3)}, {Tracker: "github", From: on(15, 22)}},
		Ledger: digest.Ledger{Entries: head.Entries, Head: head.String()},
	}
}

func made(t *testing.T, s digest.Source) digest.Digest {
	t.Helper()
	d, ok := digest.Of(s, week())
	if !ok {
		t.Fatal("there is no digest")
	}
	return d
}

// TestWhatIsSentOut holds the three forms of a digest to files that people have read.
func TestWhatIsSentOut(t *testing.T) {
	t.Parallel()
	d := made(t, source(t))
	doc, err := json.MarshalIndent(d, "", "  ")
	if err != nil {
		t.Fatal(err)
	}
	page, err := d.HTML()
	if err != nil {
		t.Fatal(err)
	}
	for file, got := range map[string]string{"digest.txt": d.Subject() + "\n\n" + d.Letter(), "digest.json": string(doc) + "\n", "digest.html": page} {
		path := filepath.Join("testdata", file)
		if *update {
			if err := os.WriteFile(path, []byte(got), 0o600); err != nil {
				t.Fatal(err)
			}
		}
		want, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(string(want), got); diff != "" {
			t.Errorf("%s is another one (go test -update, and read it):\n%s", file, diff)
		}
	}
}

// TestADigestIsOfAPeriodThatIsOver makes none of the present period or of one before the
// contract, and tells of an earlier one nothing that is at risk now.
func TestADigestIsOfAPeriodThatIsOver(t *testing.T) {
	t.Parallel()
	s := source(t)
	for _, p := range []contract.Period{week().Next(), week().Back(2)} {
		if _, ok := digest.Of(s, p); ok {
			t.Errorf("there is one of %s", p)
		}
	}
	earlier, ok := digest.Of(s, week().Back(1))
	if !ok || len(earlier.AtRisk) != 0 || earlier.Slots.Offered != 9 || earlier.Sides[0].Broken != 1 {
		t.Errorf("%+v, %v", earlier, ok)
	}
	if p, ok := digest.Last(s.Account); !ok || p != week() {
		t.Errorf("the last one is %s, %v", p, ok)
	}
	if _, ok := digest.Last(contract.Account{Statements: []contract.Statement{{Period: week()}}}); ok {
		t.Error("nothing is over, and there is a last one")
	}
	if !digest.Undecided(s.Account, week()) || digest.Undecided(s.Account, week().Back(1)) {
		t.Error("it does not say what is undecided")
	}
}

// TestADigestStaysShort is about a bad week, and about people who write much.
func TestADigestStaysShort(t *testing.T) {
	t.Parallel()
	s := source(t)
	for range 90 {
		v := verdict(contract.Shield, "", contract.Kept, contract.Facts{Noted: strings.Repeat("words\n", 200)})
		s.Account.Verdicts, s.Account.AtRisk = append(s.Account.Verdicts, v), append(s.Account.AtRisk, v)
	}
	d := made(t, s)
	text := d.Text()
	if n := len([]rune(text)); n > digest.MostText || n < digest.MostText/2 {
		t.Errorf("it has %d letters", n)
	}
	if it := d.Sides[0]; it.Kept != 91 || it.Promises[0].State != digest.Broken || len(it.Promises)+it.More != it.Kept+it.Broken+it.Contested+it.Unknown+it.Open {
		t.Errorf("%+v", it)
	}
	heads, err := contract.FindHeads(text)
	if err != nil || heads[0].String() != d.Ledger.Head {
		t.Errorf("the head is lost: %v", err)
	}
	if !strings.Contains(text, "Takes requests on (P1): Broken") || !strings.Contains(text, "more") {
		t.Errorf("what matters is left out:\n%s", text)
	}
}

// TestNothingInADigestIsMarkup writes hostile names and notes.
func TestNothingInADigestIsMarkup(t *testing.T) {
	t.Parallel()
	s := source(t)
	s.Account.Name, s.Names.Unit = `<script>x</script>`, `"><img src=x>`
	s.Account.Verdicts = append(s.Account.Verdicts, verdict(contract.Shield, "", contract.Kept, contract.Facts{Noted: "<b onclick=x>\r\nBcc: all@acme.example"}))
	s.Page = `javascript:alert(1)`
	d := made(t, s)
	page, err := d.HTML()
	if err != nil {
		t.Fatal(err)
	}
	for _, bad := range []string{"<script", "<img", "<b onclick", `href="javascript`} {
		if strings.Contains(page, bad) {
			t.Errorf("%q is in the page", bad)
		}
	}
	if slices.ContainsFunc(strings.Split(d.Text(), "\n"), func(l string) bool { return strings.HasPrefix(l, "Bcc:") }) {
		t.Error("a note begins a line of its own")
	}
}

// TestBothSidesAreToldInTheSameWords swaps the sides of a week and finds the same text.
func TestBothSidesAreToldInTheSameWords(t *testing.T) {
	t.Parallel()
	d := made(t, source(t))
	if len(d.Sides) != 2 || d.Sides[0].By != kanban.IT || d.Sides[1].By != kanban.Business {
		t.Fatalf("%+v", d.Sides)
	}
	other := d.Sides[0]
	other.Kept, other.Broken, other.Contested, other.Unknown, other.Open = d.Sides[1].Kept, d.Sides[1].Broken, d.Sides[1].Contested, d.Sides[1].Unknown, d.Sides[1].Open
	if other.Counts() != d.Sides[1].Counts() {
		t.Errorf("%q and %q", other.Counts(), d.Sides[1].Counts())
	}
}
