package engine

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
	"time"

	"parley/connectors"
	"parley/kanban"
	"parley/mapping"
	"parley/sync/mirror"
	"parley/sync/reconcile"
)

// titleRunes is how much of a title a card carries; the rest is read in the tracker.
const titleRunes = 300

// Face is the card as the unified model shows it, before redaction.
func (e *Engine) Face(c *Card) kanban.Card {
	lead := c.lead()
	traits := e.Rules.Traits(c.issues()...)
	face := kanban.Card{
		ID: c.ID, Rev: c.Rev, Title: clip(lead.Title), Due: lead.Due,
		Column: e.column(c), Priority: kanban.PriorityKey(c.Priority.Agreed),
		Unit: traits.Unit, Class: traits.Class, Type: traits.Type, Restricted: traits.Restricted,
		Requester: person(traits.Requester), Assignee: e.assignee(c),
		Planned: e.sorting(c, traits).Planned,
		Journey: kanban.Travel(lead.Created, c.Steps, e.Rules.Layout()),
		Past:    kanban.Past{Steps: c.Steps, Ranks: c.Ranks, Blocks: c.Blocks, Profiles: c.Profiles, Touched: c.Touched},
	}
	face.Group, face.GroupDue, face.GroupSide = group(c)
	face.Person, face.Team = e.worker(c)
	if s := c.Sides[kanban.Jira]; s != nil {
		face.Components = s.Issue.Components
	}
	if c.Sorted != nil {
		face.Sorted = cmp.Or(c.Sorted.By, "somebody")
	}
	face.Blocked = blocked(c, traits)
	face.Turn = turnOf(face, e.Rules.Layout())
	for _, s := range kanban.Sides {
		if c.Sides[s] != nil {
			face.Sides = append(face.Sides, e.side(c.Sides[s], s))
		}
	}
	face.Pending = e.pending(c)
	face.Badges = e.badges(c)
	return face
}

// lead is the issue that names the card: Jira's where there is one.
func (c *Card) lead() connectors.Issue {
	for _, s := range kanban.Sides {
		if c.Sides[s] != nil {
			return c.Sides[s].Issue
		}
	}
	return connectors.Issue{}
}

func (c *Card) issues() []connectors.Issue {
	var out []connectors.Issue
	for _, s := range kanban.Sides {
		if c.Sides[s] != nil {
			out = append(out, c.Sides[s].Issue)
		}
	}
	return out
}

// Keys are the keys of the card's issues, Jira's first, for a sentence.
func (c *Card) Keys() string {
	var keys []string
	for _, i := range c.issues() {
		keys = append(keys, i.Key)
	}
	return strings.Join(keys, " and ")
}

// column is where the card stands: nowhere while its status cannot be translated.
func (e *Engine) column(c *Card) kanban.ColumnKey {
	if f := c.Status.Frozen; f == reconcile.FrozenUnmapped && !e.anySays(c) {
		return ""
	}
	return kanban.ColumnKey(c.Status.Agreed)
}

// anySays reports whether some side's status can be translated: then the card
// stays where it was agreed to be, with a badge about the other side.
func (e *Engine) anySays(c *Card) bool {
	lens := e.lens(c)
	for _, s := range kanban.Sides {
		if c.Sides[s] == nil {
			continue
		}
		if _, o := lens.Back(s, kanban.FieldStatus, c.Status.Sides[s].Native, c.Status.Agreed); o == kanban.Says {
			return true
		}
	}
	return false
}

// blocked is why work cannot go on: in the words of the person who said so in Parley, else
// because a question waits for its answer, else by the rules.
func blocked(c *Card, t mapping.Traits) *kanban.Block {
	switch {
	case c.Block != nil:
		return &kanban.Block{Reason: c.Block.Reason, Party: c.Block.Party, Since: c.Block.Since, Here: true}
	case c.Await != nil:
		return &kanban.Block{Reason: kanban.AwaitsAnswer, Party: kanban.Business, Since: c.Await.Since, Asked: true}
	case t.Blocked == "":
		return nil
	}
	return &kanban.Block{Reason: t.Reason, Party: t.Blocked, Since: c.BlockedAt}
}

// turnOf tells whose move it is.
func turnOf(c kanban.Card, l kanban.Layout) kanban.Party {
	col, ok := l.Column(c.Column)
	switch {
	case ok && col.Category.Ended():
		return kanban.Nobody
	case c.Blocked != nil:
		return c.Blocked.Party
	case ok && col.Turn != "":
		return col.Turn
	default:
		return kanban.IT
	}
}

func (e *Engine) side(s *Side, which kanban.Side) kanban.CardSide {
	i := s.Issue
	out := kanban.CardSide{
		Side: which.String(), Tracker: i.Tracker, Key: i.Key, URL: i.URL, Labels: i.Labels, SeenAt: s.SeenAt,
		Status:   i.Status.Name,
		Priority: i.Priority.Name,
	}
	if which == kanban.GitHub {
		out.Status = e.Rules.Describe(which, kanban.FieldStatus, e.Rules.Native(i, kanban.FieldStatus))
		if n := e.Rules.Native(i, kanban.FieldPriority); n != "" {
			out.Priority = e.Rules.Describe(which, kanban.FieldPriority, n)
		}
	}
	if s.Problem != nil {
		out.Error = s.Problem.Text
	}
	return out
}

func (e *Engine) pending(c *Card) []kanban.Pending {
	var out []kanban.Pending
	for _, op := range c.Ops {
		if op.State.Open() {
			out = append(out, kanban.Pending{
				Op: op.ID, Side: op.Side.String(), Tracker: op.Tracker, Field: op.Field,
				To: e.Rules.Describe(op.Side, op.Field, op.To), State: string(op.State), Since: op.Created, Problem: op.Problem,
			})
		}
	}
	return out
}

// badges tells what a person should notice, most urgent first.
func (e *Engine) badges(c *Card) []kanban.Badge {
	var out []kanban.Badge
	for _, f := range c.Fields() {
		for _, s := range kanban.Sides {
			if c.Sides[s] != nil {
				out = append(out, e.sideBadges(c, f, s)...)
			}
		}
		if c.Field(f).Frozen == reconcile.FrozenAsk {
			out = append(out, kanban.Badge{Kind: kanban.BadgeConflict, Field: f, Text: fmt.Sprintf("%s differs between the trackers; a person has to choose", FieldName(f))})
		}
	}
	if c.Clash != "" {
		out = append(out, kanban.Badge{Kind: kanban.BadgeClash, Text: c.Clash})
	}
	out = append(out, archivedBadges(c)...)
	if b, ok := mirrorBadge(c); ok {
		out = append(out, b)
	}
	slices.SortStableFunc(out, func(a, b kanban.Badge) int { return rank(a.Kind) - rank(b.Kind) })
	return out
}

// archivedBadges tells of issues that can only be read.
func archivedBadges(c *Card) []kanban.Badge {
	var out []kanban.Badge
	for _, s := range kanban.Sides {
		if side := c.Sides[s]; side != nil && !side.Issue.Archived.IsZero() {
			out = append(out, kanban.Badge{Kind: kanban.BadgeArchived, Side: s.String(), Text: fmt.Sprintf("%s is archived in %s: what is to be written there waits until it is restored", side.Issue.Key, placeName(s.String()))})
		}
	}
	return out
}

// mirrorBadge tells what keeps a twin from being created.
func mirrorBadge(c *Card) (kanban.Badge, bool) {
	switch m := c.Mirror; {
	case m == nil || c.Paired():
		return kanban.Badge{}, false
	case m.Suspended():
		return kanban.Badge{Kind: kanban.BadgeHeld, Text: fmt.Sprintf("No twin is created in %s: %s", m.Container, m.Problem)}, true
	case m.State == mirror.Held:
		return kanban.Badge{Kind: kanban.BadgeHeld, Text: "Not created: a twin in " + m.Container}, true
	case m.State == mirror.Rejected:
		return kanban.Badge{Kind: kanban.BadgeRefused, Text: fmt.Sprintf("no twin could be created in %s: %s", m.Container, m.Problem)}, true
	case m.State.Unresolved() && m.Problem != "":
		return kanban.Badge{Kind: kanban.BadgeRefused, Text: fmt.Sprintf("a twin in %s may have been created; it is looked for: %s", m.Container, m.Problem)}, true
	}
	return kanban.Badge{}, false
}

func (e *Engine) sideBadges(c *Card, f kanban.Field, s kanban.Side) []kanban.Badge {
	var out []kanban.Badge
	state, m := c.Field(f), e.Machine(c, f)
	native := state.Sides[s].Native
	where := placeName(s.String())
	words := e.Rules.Describe(s, f, native)
	add := func(kind, text string) {
		out = append(out, kanban.Badge{Kind: kind, Side: s.String(), Field: f, Text: text})
	}
	if r := state.Sides[s].Refused; r != nil {
		add(kanban.BadgeRefused, r.Reason)
	}
	switch _, o := m.Lens.Back(s, f, native, state.Agreed); o {
	case kanban.Unmapped:
		add(kanban.BadgeUnmapped, fmt.Sprintf("%s %q in %s is not in the configuration", FieldName(f), words, where))
	case kanban.Ambiguous:
		add(kanban.BadgeAmbiguous, fmt.Sprintf("%s in %s says two things at once: %s", FieldName(f), where, words))
	}
	if state.Frozen == reconcile.Thawed && m.Differs(state, s) {
		add(kanban.BadgeDiffers, fmt.Sprintf("%s differs: %s in %s", FieldName(f), words, where))
	}
	if op := c.openOp(f, s); op != nil && op.State == reconcile.Held {
		add(kanban.BadgeHeld, fmt.Sprintf("Not sent: %s would become %s in %s%s", FieldName(f), e.Rules.Describe(s, f, op.To), where, e.holdWords(op)))
	}
	if p := c.Sides[s].Problem; f == kanban.FieldStatus && p != nil && away(p.Kind) {
		add(kanban.BadgeAway, p.Text)
	}
	return out
}

// holdWords says why a write is not sent.
func (e *Engine) holdWords(op *reconcile.Op) string {
	switch op.Hold {
	case reconcile.HoldBreaker:
		return ", held because more would be written at once than max_change, max_close or max_create allow, and with it whatever else is due between the two until the last of it is let go; see parley plan, then parley apply"
	case reconcile.HoldArchive:
		return ", held until the issue is restored from the archive"
	case reconcile.HoldBrake:
		return fmt.Sprintf(", held until %s because the field was written %d times within the hour: something undoes it", kanban.Moment(op.NextAt, e.Zone), brakeWrites)
	case reconcile.HoldPlan:
		return ` (plan mode: sync.write = "plan")`
	default:
		return ""
	}
}

func away(k connectors.ErrorKind) bool {
	return k == connectors.NotFound || k == connectors.Gone || k == connectors.Moved
}

func rank(kind string) int {
	return slices.Index([]string{kanban.BadgeRefused, kanban.BadgeConflict, kanban.BadgeAmbiguous, kanban.BadgeUnmapped,
		kanban.BadgeAway, kanban.BadgeArchived, kanban.BadgeDiffers, kanban.BadgeClash, kanban.BadgeHeld}, kind)
}

// FieldName is what people call a field: "Status", "Due date", "Label urgent".
func FieldName(f kanban.Field) string {
	switch set, name, _ := f.Element(); set {
	case kanban.FieldStatus:
		return "Status"
	case kanban.FieldPriority:
		return "Priority"
	case kanban.FieldTitle:
		return "Title"
	case kanban.FieldDue:
		return "Due date"
	case kanban.FieldBlocked:
		return "Blocked"
	case kanban.FieldPlanned:
		return "Planned"
	case kanban.FieldLabels:
		return "Label " + name
	default:
		return "Assignee " + name
	}
}

func clip(s string) string {
	if len(s) <= titleRunes {
		return s
	}
	runes := []rune(s)
	if len(runes) <= titleRunes {
		return s
	}
	return string(runes[:titleRunes]) + "…"
}

func person(p connectors.Person) string {
	if p.Name != "" {
		return p.Name
	}
	return p.ID
}

// assignee is who works on the card. People that the configuration knows have one name on
// both sides.
func (e *Engine) assignee(c *Card) string {
	if name, _ := e.worker(c); name != "" {
		return name
	}
	if i := assigned(c); i != nil {
		return person(i.Assignees[0])
	}
	return ""
}

// worker is the assignee by the configuration's name, with their team; "" where no
// [[person]] has the account: a display name that anybody can give themselves is nobody in
// particular.
func (e *Engine) worker(c *Card) (name, team string) {
	if i := assigned(c); i != nil {
		p, _ := e.Rules.Person(i.Kind, i.Assignees[0])
		return p.Name, p.Team
	}
	return "", ""
}

// assigned is the issue that tells who works on the card: GitHub's, where the work is
// done, if it tells.
func assigned(c *Card) *connectors.Issue {
	for _, s := range []kanban.Side{kanban.GitHub, kanban.Jira} {
		if c.Sides[s] != nil && len(c.Sides[s].Issue.Assignees) > 0 {
			return &c.Sides[s].Issue
		}
	}
	return nil
}

// group is the epic, parent or milestone of a card, by when the milestone is due, and the
// side that says so: Jira where it does.
func group(c *Card) (name, due, side string) {
	for _, i := range c.issues() {
		switch {
		case i.Parent != "":
			return i.Parent, "", string(i.Kind)
		case i.Milestone != "":
			return i.Milestone, i.ReleaseDay, string(i.Kind)
		}
	}
	return "", "", ""
}

// Quiet reports whether nothing is under way or waited for on a card.
func (c *Card) Quiet(now time.Time) bool {
	for _, op := range c.Ops {
		if op.State.Open() && op.State != reconcile.Held {
			return false
		}
	}
	for _, s := range c.Sides {
		if s != nil && s.Need != NeedNothing {
			return false
		}
	}
	return true
}
