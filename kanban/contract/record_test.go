package contract_test

import (
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"parley/kanban"
	"parley/kanban/contract"
)

// threeQuestions is a card with which the unit has the turn three times: it answers the first
// time in time, the second time too late, and the third time in time.
const threeQuestions = `
11-02 09:00 created A to=doing unit=trading
11-02 10:00 moved A to=waiting
11-03 10:00 moved A to=doing
11-09 10:00 moved A to=waiting
11-13 10:00 moved A to=doing
11-16 10:00 moved A to=waiting
11-17 10:00 moved A to=doing`

// without leaves the events of some days out, as a past does that was cut. The others keep
// their ids, which go by their places: something else happens in place of those.
func without(lines string, days ...string) string {
	rows := strings.Split(lines, "\n")
	for n, row := range rows {
		if slices.ContainsFunc(days, func(day string) bool { return strings.HasPrefix(row, day) }) {
			rows[n] = row[:len("11-02 10:00")] + " described Z unit=risk"
		}
	}
	return strings.Join(rows, "\n")
}

// asBefore is a ledger as earlier versions wrote it: duties by their numbers, and shorter
// hashes of what they were judged by.
func asBefore(a contract.Account, ledger []contract.Entry) []contract.Entry {
	out := slices.Clone(ledger)
	short := regexp.MustCompile(`\b(calendar|rules)/([0-9a-f]{12})[0-9a-f]*`)
	for n := range out {
		e := &out[n]
		if e.Kind != contract.Judged {
			continue
		}
		for _, v := range a.Verdicts {
			if v.ID == e.Ref && v.Former != "" {
				e.Ref = v.Former
			}
		}
		e.Basis = regexp.MustCompile(`(terms/\d+/[0-9a-f]{16})[0-9a-f]*`).ReplaceAllString(e.Basis, "$1")
		e.Basis = short.ReplaceAllString(strings.TrimSuffix(e.Basis, " judging/1"), "$1/$2")
	}
	return out
}

func links(unit kanban.UnitKey, ledger []contract.Entry) (out []contract.Link) {
	last := contract.Genesis(unit)
	for _, e := range ledger {
		last = e.After(last)
		out = append(out, last)
	}
	return out
}

// The id of a duty is that of what began it: it is the same whatever is known or forgotten of
// the card's other days, and so only what is forgotten leaves the ledger.
func TestTheNameOfADutyNeverMoves(t *testing.T) {
	t.Parallel()
	now := moment("11-23 00:00", time.UTC)
	whole := fold(setting(terms()), "trading", "11-23 00:00", threeQuestions)
	second, third := verdict(t, whole, "trading/R1/A/2"), verdict(t, whole, "trading/R1/A/3")
	cut := fold(setting(terms()), "trading", "11-23 00:00", without(threeQuestions, "11-02 10:00", "11-03"))
	if got := verdict(t, cut, second.ID); got.Outcome != contract.Broken || got.Former != "trading/R1/A/1" {
		t.Errorf("the second one is %+v", got)
	}
	if got := verdict(t, cut, third.ID); got.Outcome != contract.Kept {
		t.Errorf("the third one is %+v", got)
	}
	ledger := whole.Extend(nil, now, now)
	for name, ledger := range map[string][]contract.Entry{"by its cause": ledger, "by its number": asBefore(whole, ledger)} {
		var about []string
		for _, e := range cut.Extend(ledger, now, now) {
			if e.Kind == contract.Judged {
				about = append(about, ledger[e.Reverses-1].Ref)
			}
		}
		first := verdict(t, whole, "trading/R1/A/1")
		if len(about) != 1 || about[0] != first.ID && about[0] != first.Former {
			t.Errorf("%s: there are lines about %v", name, about)
		}
	}
}

// What no tracker named has an id that begins with the card's: the name of the duty does not,
// so that it is the same once the card is a part of another one.
func TestTheNameOfADutyIsNotThatOfItsCard(t *testing.T) {
	t.Parallel()
	name := func(card kanban.CardID) string {
		events := []contract.Event{{ID: string(card) + "/created", At: moment("11-16 09:00", time.UTC), Card: card, Kind: contract.Created, To: "requests", Traits: contract.Traits{Unit: "trading"}}}
		for _, v := range contract.Fold(setting(terms()), events, nil, moment("11-23 00:00", time.UTC))[1].Verdicts {
			if v.Promise == contract.Reply {
				return strings.TrimPrefix(v.ID, "trading/P3/"+string(card)+"/")
			}
		}
		return ""
	}
	if a, b := name("A"), name("B"); a == "" || a != b {
		t.Errorf("%q and %q", a, b)
	}
}

// A ledger that an earlier version wrote verifies, asks for nothing more, and is gone on with.
func TestALedgerOfAnEarlierVersionIsGoneOnWith(t *testing.T) {
	t.Parallel()
	now := moment("11-23 00:00", time.UTC)
	a := fold(setting(terms()), "trading", "11-23 00:00", threeQuestions)
	ledger := asBefore(a, a.Extend(nil, now, now))
	if !slices.ContainsFunc(ledger, func(e contract.Entry) bool { return e.Ref == "trading/R1/A/2" }) {
		t.Fatal("it names no duty by its number")
	}
	if err := contract.Verify("trading", ledger, links("trading", ledger)); err != nil {
		t.Fatal(err)
	}
	if more := a.Extend(ledger, now, now); len(more) != 0 {
		t.Fatalf("it asks for %+v", more)
	}
	unheard := slices.Clone(ledger) // of what the trackers tell by other ids now
	for n := range unheard {
		if unheard[n].Kind == contract.Judged && unheard[n].Card != "" {
			unheard[n].Cause = "seen"
		}
	}
	if more := a.Extend(unheard, now, now); len(more) != 0 {
		t.Errorf("their causes have other ids, and it asks for %+v", more)
	}
	head := contract.Seal("trading", ledger)
	late := fold(setting(terms()), "trading", "11-23 00:00", strings.Replace(threeQuestions, "11-13 10:00", "11-10 10:00", 1))
	more := late.Extend(ledger, now, now)
	if len(more) != 1 || ledger[more[0].Reverses-1].Ref != "trading/R1/A/2" || more[0].Ref != verdict(t, a, "trading/R1/A/2").ID || more[0].Was != contract.Broken || more[0].Outcome != contract.Kept {
		t.Fatalf("an answer shows that was in time: %+v", more)
	}
	for _, what := range []string{"calendar", "terms"} {
		if strings.Contains(more[0].Note, what) {
			t.Errorf("a shorter hash of the same counts as another: %s", more[0].Note)
		}
	}
	ledger = append(ledger, more...)
	if again := late.Extend(ledger, now, now); len(again) != 0 {
		t.Errorf("and again: %+v", again)
	}
	if back := a.Extend(ledger, now, now); len(back) != 1 || back[0].Reverses != int64(len(ledger)) || back[0].Outcome != contract.Broken {
		t.Errorf("it was not so after all: %+v", back)
	}
	if err := head.Holds(ledger); err != nil {
		t.Error(err)
	}
}

// Decisions of earlier versions name a verdict by its number, those of this one by its cause:
// both are about the same.
func TestAVerdictIsContestedByEitherOfItsNames(t *testing.T) {
	t.Parallel()
	id := verdict(t, fold(setting(terms()), "trading", "11-23 00:00", threeQuestions), "trading/R1/A/2").ID
	lines := threeQuestions + `
11-20 09:00 contested - from=trading by=business ref=trading/R1/A/2 note=by_phone
11-21 09:00 settled - from=trading by=business ref=` + id + ` outcome=kept
11-21 10:00 settled - from=trading by=it ref=trading/R1/A/2 outcome=kept`
	a := fold(setting(terms()), "trading", "11-23 00:00", lines)
	if v := verdict(t, a, id); v.Outcome != contract.Kept || !v.Settled || len(a.Disputes) != 1 || a.Disputes[0].Verdict != id {
		t.Errorf("%+v, %+v", v, a.Disputes)
	}
	early := strings.Replace(lines, "11-20 09:00", "11-09 09:00", 1)
	if v := verdict(t, fold(setting(terms()), "trading", "11-23 00:00", early), id); !v.Settled {
		t.Errorf("contested before the question: %+v", v)
	}
}

// A verdict on a duty is entered at the moment that decides it, and that on the order at the
// cut-off: what turns it later in the same week leaves a line.
func TestAVerdictIsEnteredWhenItIsDecided(t *testing.T) {
	t.Parallel()
	lines := "\n11-16 09:00 created A to=doing unit=trading\n11-16 10:00 moved A to=waiting"
	about := func(entries []contract.Entry, p contract.Promise) (out []contract.Entry) {
		for _, e := range entries {
			if e.Kind == contract.Judged && contract.PromiseOf(e.Ref) == p {
				out = append(out, e)
			}
		}
		return out
	}
	due, now := moment("11-19 00:00", time.UTC), moment("11-19 08:00", time.UTC)
	a := fold(setting(terms()), "trading", "11-19 08:00", lines)
	if got := about(a.Extend(nil, due.Add(-time.Second), now), contract.AnswerDuty); len(got) != 0 {
		t.Errorf("not all is read that happened until then: %+v", got)
	}
	ledger := a.Extend(nil, due, now)
	if got := about(ledger, contract.AnswerDuty); len(got) != 1 || got[0].Outcome != contract.Broken || !got[0].At.Equal(due) {
		t.Fatalf("%+v", got)
	}
	if got := about(ledger, contract.Order); len(got) == 0 || !got[len(got)-1].At.Equal(moment("11-17 12:00", time.UTC)) {
		t.Errorf("at the cut-off: %+v", got)
	}
	later := fold(setting(terms()), "trading", "11-20 08:00", lines+"\n11-18 10:00 moved A to=doing")
	if got := about(later.Extend(ledger, due, now.AddDate(0, 0, 1)), contract.AnswerDuty); len(got) != 1 || got[0].Was != contract.Broken || got[0].Outcome != contract.Kept {
		t.Errorf("an answer shows the day after: %+v", got)
	}
}

// Somebody whose clock is behind the ledger takes nothing back of what another one wrote, and
// the other goes on from there.
func TestAClockThatIsBehindTakesNothingBack(t *testing.T) {
	t.Parallel()
	at := moment("11-23 00:03", time.UTC)
	ahead := fold(setting(terms()), "trading", "11-23 00:03", threeQuestions)
	ledger := ahead.Extend(nil, at.Add(-2*time.Minute), at)
	behind := fold(setting(terms()), "trading", "11-22 23:58", threeQuestions)
	if more := behind.Extend(ledger, at.Add(-10*time.Minute), at.Add(-5*time.Minute)); len(more) != 0 {
		t.Errorf("five minutes behind it asks for %+v", more)
	}
	if newest := contract.Newest(ledger); !newest.Equal(moment("11-23 00:00", time.UTC)) {
		t.Errorf("the newest line is of %v", newest)
	}
	if more := ahead.Extend(ledger, at.Add(-2*time.Minute), at); len(more) != 0 {
		t.Errorf("then there is more: %+v", more)
	}
}

// A line that tells a verdict otherwise names what it goes by that is another one, Parley's own
// rules among it, and nothing else; hashes have at least 128 bits.
func TestALineNamesWhatItGoesBy(t *testing.T) {
	t.Parallel()
	now := moment("11-23 00:00", time.UTC)
	s := setting(terms())
	s.Rules = "rules"
	a := fold(s, "trading", "11-23 00:00", threeQuestions)
	ledger := a.Extend(nil, now, now)
	i := slices.IndexFunc(ledger, func(e contract.Entry) bool { return e.Kind == contract.Judged && e.Outcome == contract.Broken })
	if basis := ledger[i].Basis; !regexp.MustCompile(`^terms/1/[0-9a-f]{32} calendar/[0-9a-f]{32} rules/[0-9a-f]{32} judging/\d+$`).MatchString(basis) {
		t.Errorf("it goes by %s", basis)
	}
	for change, want := range map[[2]string]string{
		{"", ""}:                        "the decisions tell it otherwise than then",
		{" judging/1", " judging/0"}:    "not as it was when it was decided: the rules by which Parley judges",
		{" judging/1", ""}:              "or it goes by something else that was not recorded",
		{"calendar/", "calendar/0"}:     "not as it was when it was decided: the calendar",
		{"rules/", "rules/0"}:           "not as it was when it was decided: the rules of the configuration",
		{"terms/1/", "terms/1/0"}:       "not as it was when it was decided: the terms",
		{" calendar/", " calendar/0 x"}: "the calendar",
	} {
		was := slices.Clone(ledger)
		was[i].Outcome, was[i].Basis = contract.Kept, strings.Replace(was[i].Basis, change[0], change[1], 1)
		more := a.Extend(was, now, now)
		if len(more) != 1 || !strings.HasSuffix(more[0].Note, want) {
			t.Errorf("%q: %+v", change, more)
		}
	}
}

// What a ledger tells of a card that is a part of another one by now is told of that one.
func TestAVerdictOfACardThatWasMergedStands(t *testing.T) {
	t.Parallel()
	now := moment("11-23 00:00", time.UTC)
	old := fold(setting(terms()), "trading", "11-23 00:00", strings.ReplaceAll(threeQuestions, " A ", " OLD "))
	is := fold(setting(terms()), "trading", "11-23 00:00", threeQuestions)
	is.As = map[kanban.CardID]kanban.CardID{"OLD": "A"}
	var told []contract.Entry
	for _, e := range old.Extend(nil, now, now) {
		if e.Kind == contract.Judged {
			e.Seq = int64(len(told) + 1)
			told = append(told, e)
		}
	}
	for name, told := range map[string][]contract.Entry{"by its cause": told, "by its number": asBefore(old, told)} {
		for _, e := range is.Extend(told, now, now) {
			if e.Kind == contract.Judged {
				t.Errorf("%s: %+v", name, e)
			}
		}
	}
}

// The version of Parley's own rules stands for how they judge: where the same weeks come out
// otherwise than by testdata/judging.txt, it has to be raised, and the file written anew.
func TestTheVersionOfJudgingIsRaisedWithTheRules(t *testing.T) {
	t.Parallel()
	agreed := terms()
	agreed.Priorities = []kanban.PriorityKey{"high"}
	var b strings.Builder
	for _, lines := range []string{theWeek, threeQuestions} {
		for _, s := range []contract.Setting{setting(terms()), setting(agreed)} {
			a := fold(s, "trading", "11-30 00:00", lines)
			if b.Len() == 0 {
				b.WriteString(a.Basis.Judging + "\n")
			}
			for _, v := range a.Verdicts {
				b.WriteString(strings.Join([]string{v.Period.String(), string(v.Promise), string(v.Card), string(v.Outcome)}, " ") + "\n")
			}
		}
	}
	if got := b.String(); got != read(t, "testdata/judging.txt") {
		t.Errorf("these weeks come out otherwise; raise the version of judging with the rules, and write\n%s", got)
	}
}

// Where two cards became one, of whose duties one is left that both had, the line about the other
// one is taken back, once: else the ledger would tell two outcomes of one promise for good.
func TestOfTwoCardsThatBecameOneOneVerdictStands(t *testing.T) {
	t.Parallel()
	now := moment("11-30 00:00", time.UTC)
	created := func(card kanban.CardID, at string) []contract.Event {
		return []contract.Event{{ID: string(card) + "/created", At: moment(at, time.UTC), Card: card, Kind: contract.Created, To: "requests", Traits: contract.Traits{Unit: "trading"}},
			{ID: string(card) + "/moved", At: moment("11-20 09:00", time.UTC), Card: card, Kind: contract.Moved, To: "doing"}}
	}
	account := func(events []contract.Event) contract.Account {
		return contract.Fold(setting(terms()), events, nil, now)[1]
	}
	is := account(created("A", "11-16 09:00")) // it is late
	is.As = map[kanban.CardID]kanban.CardID{"OLD": "A"}
	for name, c := range map[string]struct{ a, old string }{
		"the other one was late, too":    {"11-16 09:00", "11-16 10:00"},
		"the other one was in time":      {"11-16 09:00", "11-19 09:00"},
		"it was in time, as it was told": {"11-19 09:00", "11-16 09:00"},
	} {
		were := account(slices.Concat(created("A", c.a), created("OLD", c.old)))
		ledger := were.Extend(nil, now, now)
		for _, about := range []kanban.CardID{"A", "OLD"} {
			if !slices.ContainsFunc(ledger, func(e contract.Entry) bool { return e.Card == about && contract.PromiseOf(e.Ref) == contract.Reply }) {
				t.Fatalf("%s: no line is about %s", name, about)
			}
		}
		ledger = append(ledger, is.Extend(ledger, now, now)...)
		var stand []contract.Entry
		for _, e := range contract.Standing(ledger) {
			if e.Kind == contract.Judged && contract.PromiseOf(e.Ref) == contract.Reply {
				stand = append(stand, e)
			}
		}
		if len(stand) != 1 || stand[0].Outcome != contract.Broken || stand[0].Card != "A" {
			t.Errorf("%s: these stand: %+v", name, stand)
		}
		if again := is.Extend(ledger, now, now); len(again) != 0 {
			t.Errorf("%s: and again: %+v", name, again)
		}
	}
}
