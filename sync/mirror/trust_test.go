package mirror

import "testing"

func TestWhatAnIssueIsJudgedToBe(t *testing.T) {
	t.Parallel()
	m := machine()
	change := func(do func(*Item)) Item {
		it := mirrored("7", 101)
		do(&it)
		return it
	}
	unmarked := change(func(it *Item) { it.Mark = "" })
	done := m.Seen(Created(sent(t), "9", at(101)), []Item{mirrored("12", 102)}, at(103))
	for name, c := range map[string]struct {
		item  Item
		sagas []Saga
		want  Verdict
	}{
		"marked, and no create is known":        {mirrored("7", 101), nil, Ours},
		"marked by another's account":           {change(func(it *Item) { it.Own = false }), []Saga{sent(t)}, Theirs},
		"a copy in another repository":          {change(func(it *Item) { it.Container = "acme/y" }), []Saga{sent(t)}, Theirs},
		"a forged mark":                         {change(func(it *Item) { it.Mark = Mark([]byte("x"), "jira", "10007", "acme/x") }), nil, Theirs},
		"linked by its id":                      {change(func(it *Item) { it.Issue, it.Mark = "9", "" }), []Saga{done}, Ours},
		"the second one":                        {mirrored("12", 102), []Saga{done}, Double},
		"marked and older than the first send":  {mirrored("5", 39), []Saga{sent(t)}, Stray},
		"marked and about as old":               {mirrored("5", 40), []Saga{sent(t)}, Ours},
		"unmarked while a create is sent":       {unmarked, []Saga{sent(t)}, Wait},
		"unmarked while one is unknown":         {unmarked, []Saga{Resume(sent(t), at(101))}, Wait},
		"unmarked while one is planned":         {unmarked, []Saga{planned()}, Theirs},
		"unmarked while another place has one":  {change(func(it *Item) { it.Mark, it.Container = "", "acme/y" }), []Saga{sent(t)}, Theirs},
		"a person's while a create is sent":     {change(func(it *Item) { it.Mark, it.Own = "", false }), []Saga{sent(t)}, Theirs},
		"a broken mark of ours while one waits": {change(func(it *Item) { it.Mark += "." }), []Saga{sent(t)}, Wait},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			if got, _ := m.Judge(c.item, c.sagas); got != c.want {
				t.Errorf("judged %s, want %s", got, c.want)
			}
		})
	}
}

func TestAnotherCreatesMirrorIsNotAdopted(t *testing.T) {
	t.Parallel()
	other := mirrored("7", 101)
	other.Mark = machine().Mark("jira", "10008", "acme/x")
	for name, it := range map[string]Item{"of another issue": other, "too old": mirrored("7", 39), "without mark": {Issue: "7", Container: "acme/x", Own: true, Created: at(101)}} {
		if s := machine().Seen(sent(t), []Item{it}, at(110)); s.State != Sending {
			t.Errorf("%s: adopted as %s", name, s.Issue)
		}
	}
}
