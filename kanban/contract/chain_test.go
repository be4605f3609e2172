package contract_test

import (
	"slices"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"parley/kanban"
	"parley/kanban/contract"
)

// linked are the links that are recorded with entries.
func linked(unit kanban.UnitKey, entries []contract.Entry) []contract.Link {
	var out []contract.Link
	last := contract.Genesis(unit)
	for _, e := range entries {
		last = e.After(last)
		out = append(out, last)
	}
	return out
}

// bend makes one change to one entry; each of these is a way to bend a contract.
func bend(e *contract.Entry, how int, text string, by int) {
	switch how {
	case 0:
		e.At = e.At.Add(time.Duration(by) * time.Millisecond)
	case 1:
		e.Amount += by
	case 2:
		e.Card += kanban.CardID(text)
	case 3:
		e.Other += kanban.CardID(text)
	case 4:
		e.With += kanban.UnitKey(text)
	case 5:
		e.Who += text
	case 6:
		e.Cause += text
	case 7:
		e.Terms += by
	case 8:
		e.Note += text
	case 9:
		e.Reverses += int64(by)
	case 10:
		e.Kind += contract.EntryKind(text)
	case 11:
		e.Period += contract.Period(by)
	case 12:
		e.Seq += int64(by)
	case 13:
		e.Unit += kanban.UnitKey(text)
	case 14:
		e.Ref += text
	case 15:
		e.Outcome += contract.Outcome(text)
	case 16:
		e.Was += contract.Outcome(text)
	case 17:
		e.Basis += text
	}
}

const waysToBend = 18

// Any change of any field of any entry shows, in the links and against a head sent out.
func TestTheChainDetectsAnyChange(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		entries := contract.Fold(setting(terms()), happening(t), nil, end())[1].Extend(nil, end(), end())
		links, head := linked("trading", entries), contract.Seal("trading", entries)
		if err := contract.Verify("trading", entries, links); err != nil {
			t.Fatal(err)
		}
		if err := head.Holds(entries); err != nil {
			t.Fatal(err)
		}
		bent := slices.Clone(entries)
		n := rapid.IntRange(0, len(bent)-1).Draw(t, "entry")
		bend(&bent[n], rapid.IntRange(0, waysToBend-1).Draw(t, "way"), rapid.StringN(1, 5, 20).Draw(t, "text"), rapid.SampledFrom([]int{-7, -1, 1, 2, 7}).Draw(t, "by"))
		if contract.Verify("trading", bent, links) == nil || head.Holds(bent) == nil {
			t.Fatalf("%+v was bent to %+v and nobody sees it", entries[n], bent[n])
		}
		without := slices.Delete(slices.Clone(entries), n, n+1)
		if head.Holds(without) == nil {
			t.Fatal("an entry was removed and nobody sees it")
		}
		if n+1 < len(entries) && contract.Verify("trading", without, slices.Delete(slices.Clone(links), n, n+1)) == nil {
			t.Fatal("an entry was removed, with its link, and nobody sees it") // the last one shows by a head alone
		}
		if n+1 < len(entries) {
			swapped := slices.Clone(entries)
			swapped[n], swapped[n+1] = swapped[n+1], swapped[n]
			if contract.Verify("trading", swapped, links) == nil || head.Holds(swapped) == nil {
				t.Fatal("two entries changed places and nobody sees it")
			}
		}
	})
}

// TestFieldsDoNotRunTogether holds that two different entries never read the same.
func TestFieldsDoNotRunTogether(t *testing.T) {
	t.Parallel()
	start := contract.Genesis("trading")
	for _, pair := range [][2]contract.Entry{
		{{Card: "AB", Other: "C"}, {Card: "A", Other: "BC"}},
		{{Who: "mia", Cause: ""}, {Who: "", Cause: "mia"}},
		{{Amount: -1}, {Amount: 1}},
		{{Note: "a\x00b"}, {Note: "a"}},
		{{Note: "a", Ref: "b"}, {Note: "ab"}},
		{{Ref: "a", Outcome: "b"}, {Ref: "ab"}},
		{{Outcome: contract.Kept}, {Was: contract.Kept}},
		{{Was: "a"}, {Basis: "a"}},
	} {
		if pair[0].After(start) == pair[1].After(start) {
			t.Errorf("%+v and %+v have one link", pair[0], pair[1])
		}
	}
	e := contract.Entry{Unit: "trading", Seq: 1, At: moment("11-16 09:00", time.UTC)}
	moved := e
	moved.At = e.At.In(time.FixedZone("Tokyo", 9*60*60))
	if e.After(start) != moved.After(start) {
		t.Error("the same moment in another zone has another link")
	}
	if contract.Genesis("trading") == contract.Genesis("risk") || e.After(start) == e.After(contract.Genesis("risk")) {
		t.Error("the ledgers of two units have one chain")
	}
}

func TestHeadsAreSentOutAsText(t *testing.T) {
	t.Parallel()
	entries := fold(setting(terms()), "trading", "11-24 00:00", "11-16 09:00 created A to=committed unit=trading").Entries
	head := contract.Seal("trading", entries)
	const want = "parley-ledger-1:trading:8:"
	if now, then := head.String(), want+"cnqzugc4z3wpl5l4cqgtwaz5yx56htdfsoozvgnp2hsmifqsy65q"; now != then {
		t.Errorf("%s, and before there were lines about verdicts it was %s", now, then)
	}
	got, err := contract.ParseHead("  " + strings.ToUpper(head.String()) + "\n")
	if err != nil || got != head {
		t.Errorf("%+v, %v", got, err)
	}
	more := append(slices.Clone(entries), contract.Entry{Seq: 99})
	if err := head.Holds(more); err != nil {
		t.Errorf("an entry was added: %v", err)
	}
	for text, why := range map[string]string{
		"":                                 "is no head",
		"parley-ledger-2:trading:1:aaaa":   "is no head",
		"parley-ledger-1:trading:-1:aaaa":  "no number",
		"parley-ledger-1:trading:x:aaaa":   "no number",
		"parley-ledger-1:trading:1:aaaa":   "cut off",
		head.String()[:len(want)+20]:       "cut off",
		head.String() + "a":                "cut off",
		"parley-ledger-1:trading:1:a!b":    "cut off",
		"parley-ledger-1:trading:1:a:more": "is no head",
	} {
		if _, err := contract.ParseHead(text); err == nil || !strings.Contains(err.Error(), why) {
			t.Errorf("%q: %v, want %q", text, err, why)
		}
	}
	if err := head.Holds(entries[:3]); err == nil || !strings.Contains(err.Error(), "3 are left") {
		t.Errorf("entries were cut off: %v", err)
	}
	if err := contract.Verify("trading", entries, nil); err == nil {
		t.Error("entries without links")
	}
}

// TestTermsCannotChangeBehindTheLedger holds that a grant names what was agreed.
func TestTermsCannotChangeBehindTheLedger(t *testing.T) {
	t.Parallel()
	first := func(change func(*contract.Terms)) contract.Entry {
		changed := terms()
		change(&changed)
		return fold(setting(changed), "trading", "11-03 00:00", "11-02 09:00 created A to=requests unit=risk").Entries[0]
	}
	was := first(func(*contract.Terms) {})
	for n, change := range []func(*contract.Terms){
		func(t *contract.Terms) { t.SLEDays++ }, func(t *contract.Terms) { t.Ready = []string{"due"} }, func(t *contract.Terms) { t.Agreed.IT = "Bo" },
		func(t *contract.Terms) { t.Holidays = append(t.Holidays, 1) }, func(t *contract.Terms) { t.Over = contract.Ask },
		func(t *contract.Terms) { t.Priorities = []kanban.PriorityKey{"high"} }, func(t *contract.Terms) { t.Cutoff.Minute++ },
	} {
		if first(change).Cause == was.Cause {
			t.Errorf("change %d: the same name for other terms", n)
		}
	}
	if was.Note != "agreed by Mia and Ana" || was.Terms != 1 {
		t.Errorf("%+v", was)
	}
}

// TestHeadsAreFoundInWhatWasSentOut pastes a whole digest, as it comes back out of mails
// and trackers.
func TestHeadsAreFoundInWhatWasSentOut(t *testing.T) {
	t.Parallel()
	one, two := contract.Seal("trading", nil), contract.Seal("risk", []contract.Entry{{Seq: 1, Unit: "risk"}})
	line := one.String()
	for name, text := range map[string]string{
		"alone":            line,
		"in a digest":      "Trading × IT, 2026-W47\n\nKeep its head.\n" + line + "\nThe contract's page: https://parley.example",
		"followed at once": "the head is " + line + ".",
		"quoted, broken":   "> Keep its head.\n> " + line[:40] + "\n> " + line[40:] + "\n> Regards",
		"soft line break":  line[:70] + "=\r\n" + line[70:],
		"in wiki markup":   strings.ReplaceAll(line, "-", `\-`),
		"with marks":       strings.ReplaceAll(line, ":", "\u200b:"),
		"capitals":         strings.ToUpper(line) + " and more",
	} {
		got, err := contract.FindHeads(text)
		if err != nil || len(got) != 1 || got[0] != one {
			t.Errorf("%s: %v, %v", name, got, err)
		}
	}
	if got, err := contract.FindHeads(line + "\n" + two.String() + "\n" + line); err != nil || len(got) != 2 || got[1] != two {
		t.Errorf("two units: %v, %v", got, err)
	}
	for text, why := range map[string]string{"": "there is no head", "a digest without one": "there is no head", line[:60]: "cut off", line[:40] + " … " + line[40:]: "cut off"} {
		if _, err := contract.FindHeads(text); err == nil || !strings.Contains(err.Error(), why) {
			t.Errorf("%q: %v, want %q", text, err, why)
		}
	}
}
