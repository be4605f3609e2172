package world

import (
	"math/rand/v2"
	"strconv"
	"time"

	"parley/connectors"
)

// weighted is an act and how often it is done.
type weighted struct {
	Act
	weight int
}

// acts lists what people do in this world.
func (s *Swarm) acts() []weighted {
	out := []weighted{{Move, 40}, {Sloppy, 8}, {Prioritise, 14}, {Revert, 8}, {Agree, 8}, {Comment, 3}, {Raise, 4}, {Bulk, 1}}
	if s.Fields {
		out = append(out, weighted{Retitle, 6}, weighted{Redate, 3}, weighted{Assign, 5}, weighted{Unassign, 2},
			weighted{AddLabel, 5}, weighted{DropLabel, 4}, weighted{Describe, 2})
	}
	if s.Parting {
		out = append(out, weighted{Transfer, 2}, weighted{Delete, 2}, weighted{Hide, 2}, weighted{Archive, 1})
	}
	if s.Copies {
		out = append(out, weighted{Clone, 3}, weighted{Forge, 2})
	}
	if s.Schema {
		out = append(out, weighted{Migrate, 3}, weighted{RenameStat, 1}, weighted{RenameLab, 3})
	}
	return out
}

// draft draws a deed.
func (w *World) draft(r *rand.Rand) Deed {
	all := w.opts.Swarm.acts()
	sum := 0
	for _, a := range all {
		sum += a.weight
	}
	at, n := 0, r.IntN(sum)
	for ; n >= all[at].weight; at++ {
		n -= all[at].weight
	}
	d := Deed{Act: all[at].Act, Who: pick(r, w.jira.cat.people).name}
	if w.opts.Swarm.Shared && r.IntN(4) == 0 {
		d.Who = ""
	}
	if i := w.choose(r); i != nil {
		d.Kind, d.Issue = i.kind, i.id
		if d.Act == Sloppy && d.Kind == connectors.Jira {
			d.Act = Move
		}
		w.fill(r, &d, i)
	} else {
		d.Act = Raise
		w.fillRaise(r, &d)
	}
	return d
}

// fill draws what an act needs besides the issue.
func (w *World) fill(r *rand.Rand, d *Deed, i *issue) {
	cat := w.jira.cat
	switch d.Act {
	case Move:
		d.To = w.target(r, i)
		d.Slow = w.pause(r)
	case Sloppy:
		d.To = w.stray(r, cat)
	case Prioritise:
		d.To, d.Slow = w.importance(r, d.Kind), w.pause(r)
	case Revert, Agree:
		d.Field = pick(r, []string{"status", "status", "priority"})
		d.Slow = w.pause(r)
	case Retitle:
		d.To = pick(r, []string{"Ledger", "Invoice ", " Gate\r\n", "Über-Kasse"}) + " " + strconv.Itoa(r.IntN(5))
	case Redate:
		d.To = pick(r, []string{"", "2026-12-01", "2026-12-24", "2027-01-15"})
	case Assign, Unassign:
		d.To = pick(r, cat.people).name
	case AddLabel, DropLabel:
		d.To = pick(r, []string{"bug", "ops", "legal"})
	case Raise:
		w.fillRaise(r, d)
	default:
		w.fillRest(r, d, i)
	}
}

func (w *World) fillRest(r *rand.Rand, d *Deed, i *issue) {
	switch d.Act {
	case Forge:
		s := pick(r, w.subjects)
		if from := s.of(d.Kind); from != nil {
			d.To = from.id
		}
	case Bulk:
		w.fillBulk(r, d)
	case Transfer:
		d.Box = pick(r, i.host.boxes).key
	case Migrate:
		d.To = pick(r, w.jira.cat.statuses[:w.jira.cat.mapped]).ID
	case RenameStat:
		d.To = strconv.Itoa(r.IntN(len(w.jira.cat.statuses)))
	case RenameLab:
		if len(w.jira.cat.family) > 0 {
			d.To = pick(r, w.jira.cat.family)
		}
	}
}

// target is where a person moves an issue: at Jira a transition that is offered, on
// GitHub one of the looks.
func (w *World) target(r *rand.Rand, i *issue) string {
	if i.kind == connectors.GitHub {
		if len(w.jira.cat.looks) == 0 {
			return ""
		}
		return strconv.Itoa(r.IntN(len(w.jira.cat.looks)))
	}
	if i.deleted() {
		return ""
	}
	ways := w.jira.flow.offered(i.now().status)
	if len(ways) == 0 {
		return ""
	}
	for range 4 {
		if t := pick(r, ways); t.To.ID != i.now().status && (w.opts.Swarm.Unmapped || t.To.Name != "Parked") {
			return t.ID
		}
	}
	return ""
}

// pause is how long a person takes between two clicks of one edit.
func (w *World) pause(r *rand.Rand) time.Duration {
	if w.calm || !hit(r, w.opts.Swarm.Dawdle) {
		return 0
	}
	return time.Duration(1+r.IntN(2)) * time.Second
}

// stray is a single label or state, without what should go with it.
func (w *World) stray(r *rand.Rand, cat *catalog) string {
	states := []string{"open", "closed:completed", "closed:not_planned", "closed:duplicate"}
	if len(cat.family) == 0 || r.IntN(3) == 0 {
		return pick(r, states)
	}
	if w.opts.Swarm.Unmapped && r.IntN(4) == 0 {
		return "+status:unheard-of"
	}
	return pick(r, []string{"+", "-"}) + pick(r, cat.family)
}

func (w *World) importance(r *rand.Rand, k connectors.Kind) string {
	if k == connectors.Jira {
		return pick(r, w.jira.cat.priorities).ID
	}
	if len(w.jira.cat.scale) == 0 || r.IntN(8) == 0 {
		return ""
	}
	return strconv.Itoa(r.IntN(len(w.jira.cat.scale)))
}

// fillRaise draws a new issue; some name an issue of the other tracker.
func (w *World) fillRaise(r *rand.Rand, d *Deed) {
	h := &w.jira.host
	d.Issue, d.Kind = "", connectors.Jira
	if r.IntN(2) == 0 {
		h, d.Kind = &w.github.host, connectors.GitHub
	}
	d.Box = h.boxes[0].key
	if r.IntN(4) == 0 {
		d.Box = pick(r, h.boxes).key
	}
	d.To = "Request " + strconv.FormatInt(w.deeds, 10) + "r"
	if len(w.subjects) > 0 && r.IntN(4) == 0 && d.Kind == connectors.GitHub {
		if twin := pick(r, w.subjects); twin.jira != nil {
			d.To = twin.jira.last().key + " " + d.To
		}
	}
}

// fillBulk draws many issues of one tracker and one value for all.
func (w *World) fillBulk(r *rand.Rand, d *Deed) {
	most := 1 + r.IntN(200)
	for n := range w.subjects {
		if i := w.subjects[n].of(d.Kind); len(d.Many) < most && i != nil && i.kind == d.Kind {
			d.Many = append(d.Many, i.id)
		}
	}
	d.Field, d.To = "priority", w.importance(r, d.Kind)
	if r.IntN(2) == 0 {
		d.Field = "status"
		d.To = strconv.Itoa(r.IntN(max(1, len(w.jira.cat.statuses[:w.jira.cat.mapped]))))
		if d.Kind == connectors.GitHub {
			d.To = strconv.Itoa(r.IntN(max(1, len(w.jira.cat.looks))))
		}
	}
}
