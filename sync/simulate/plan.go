package simulate

import (
	"fmt"
	"time"

	"parley/kanban"
	"parley/mapping"
	"parley/sync/runner"
	"parley/sync/simulate/world"
)

// complete draws what a script leaves open from its seed.
func (s *sim) complete(sc Script) Script {
	d := newDice(sc.Seed, "script")
	if sc.Swarm == nil {
		swarm := world.Draw(sc.Seed)
		sc.Swarm = &swarm
	}
	if sc.Setup == nil {
		sc.Setup = drawSetup(d)
	}
	if sc.Items == 0 {
		sc.Items = 4 + d.below(12)
		sc.Pairs = 1 + d.below(sc.Items/2)
	}
	if sc.Length == 0 {
		sc.Length = time.Duration(10+d.below(30)) * time.Minute
	}
	s.pace = drawPace(newDice(sc.Seed, "pace"), sc)
	return sc
}

// drawSetup draws how Parley is set up.
func drawSetup(d *dice) *Setup {
	policies := []string{"jira", "github", "newest", "ask"}
	set := &Setup{Status: pick(d, policies), Priority: pick(d, policies), Poll: pick(d, []time.Duration{10 * time.Second, 30 * time.Second, 30 * time.Second, time.Minute}), Processes: 1}
	if d.one(6) {
		set.Carry = pick(d, []string{"jira", "github"})
	}
	if d.one(3) {
		set.Processes = 2
	}
	return set
}

// drawPace draws how long things take. A steady one has no surprises.
func drawPace(d *dice, sc Script) pace {
	p := pace{poll: sc.Setup.Poll, skew: 6 * time.Second, answer: 300 * time.Millisecond}
	if sc.Setup.Steady {
		return p
	}
	p.slow = pick(d, []int{0, 50, 10})
	p.stall = pick(d, []int{0, 200, 40})
	if sc.Setup.Processes > 1 {
		p.hang = pick(d, []int{0, 500, 100})
	}
	return p
}

// mapping is the world's board with this setup's policies.
func (set *Setup) mapping() mapping.Config {
	c := world.Board()
	if set.Mapping != 0 {
		c = randomMapping(newDice(set.Mapping, "mapping"))
	}
	for i := range c.Pairs {
		p := &c.Pairs[i]
		p.Conflict = map[kanban.Field]mapping.Policy{
			kanban.FieldStatus: mapping.Policy(set.Status), kanban.FieldPriority: mapping.Policy(set.Priority),
		}
		if set.Carry != "" {
			p.Fields = map[kanban.Field]mapping.Direction{
				kanban.FieldStatus: mapping.Direction(set.Carry), kanban.FieldPriority: mapping.Direction(set.Carry),
			}
		}
	}
	return c
}

// limits are what may be written at once.
func (set *Setup) limits() runner.Limits {
	if set.Limitless {
		return runner.Limits{Change: 1, Close: 1}
	}
	return runner.Limits{Change: 0.2, Close: 0.1, Create: 50}
}

// schedule lets the deeds of a script happen, or draws them as time goes on.
func (s *sim) schedule(end int64) {
	if s.script.Deeds != nil || s.script.Exact {
		for i, d := range s.script.Deeds {
			s.deed(s.began+int64(d.At), uint64(i), func() { s.perform(d) })
		}
		return
	}
	d := newDice(s.seed, "deeds")
	gap := pick(d, []time.Duration{2 * time.Second, 5 * time.Second, 15 * time.Second, 60 * time.Second})
	var next func()
	next = func() {
		deed := Deed{At: time.Duration(s.now - s.began), What: s.wish(d)}
		if deed.What != "" {
			s.perform(deed)
		} else {
			deed = s.somebody(deed)
		}
		s.script.Deeds = append(s.script.Deeds, deed)
		if pause := d.span(2 * gap); s.now+int64(pause) < end {
			s.deed(s.now+int64(pause), uint64(len(s.script.Deeds)), next)
		}
	}
	s.deed(s.now+int64(d.span(30*time.Second)), 0, next)
}

// deed lets something be done at a moment, before whatever else happens then.
func (s *sim) deed(at int64, n uint64, do func()) { s.queue.push(item{at: at, tie: n, do: do}) }

// wish draws what somebody does next.
func (s *sim) wish(d *dice) string {
	if d.n == 2 { // the pace of crashes and of the board, once a run
		s.habits = habits{crash: pick(d, []int{0, 40, 8}), board: pick(d, []int{0, 10, 3}), hand: pick(d, []int{0, 0, 60})}
	}
	h := s.habits
	switch {
	case h.crash > 0 && d.one(h.crash):
		return fmt.Sprintf("crash %d %d", d.below(len(s.processes)), 1+d.below(60))
	case h.board > 0 && d.one(h.board):
		if d.one(10) {
			return deedAgain
		}
		return s.wishOnBoard(d)
	case h.hand > 0 && d.one(h.hand):
		return s.wishByHand(d)
	default:
		return ""
	}
}

// somebody lets one of the world's people do something.
func (s *sim) somebody(d Deed) Deed {
	d.What = s.world.Deed()
	script := s.world.Script()
	last := script[len(script)-1]
	d.Do = &last
	s.note("deed", d.What)
	s.narrator.tellf("%s", d.What)
	return d
}

// habits are how often, one in so many deeds, something else than an edit happens.
type habits struct{ crash, board, hand int }

// wishOnBoard draws a drag.
func (s *sim) wishOnBoard(d *dice) string {
	issues := s.world.Truth().Issues
	c := s.world.Mapping()
	key := pick(d, issues).Now().Key
	if d.one(3) {
		return fmt.Sprintf("%s %s %s %s", deedBoard, key, kanban.FieldPriority, pick(d, c.Priorities).Key)
	}
	return fmt.Sprintf("%s %s %s %s", deedBoard, key, kanban.FieldStatus, pick(d, c.Columns).Key)
}

// wishByHand draws a pairing or a parting.
func (s *sim) wishByHand(d *dice) string {
	issues := s.world.Truth().Issues
	a, b := pick(d, issues).Now().Key, pick(d, issues).Now().Key
	if d.one(2) {
		return deedPart + " " + a
	}
	return deedLink + " " + a + " " + b
}
