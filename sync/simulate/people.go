package simulate

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"time"

	"parley/kanban"
	"parley/sync/engine"
)

// What is done to a run beside what the world's people do, each a word and its object:
//
//	board OPS-12 status doing      somebody drags a card, having looked at it
//	again                          the last drag is sent once more, with the same key
//	crash 0 7                      process 0 dies at the seventh effect from now
//	stop 0                         process 0 is told to stop, and starts again
//	lose                           the store is gone, and so is every process
//	part OPS-12                    the pair is taken apart by hand
//	link OPS-12 acme/payments#7    two issues are paired by hand
const (
	deedBoard = "board"
	deedAgain = "again"
	deedCrash = "crash"
	deedPart  = "part"
	deedLink  = "link"
	deedLose  = "lose"
)

// perform does one deed. Those of the world's people are left to the world.
func (s *sim) perform(d Deed) {
	s.note("deed", d.What)
	s.narrator.tellf("%s", d.What)
	word, rest, _ := strings.Cut(d.What, " ")
	args := strings.Fields(rest)
	switch word {
	case deedBoard:
		s.drag(args)
	case deedAgain:
		s.again()
	case deedCrash:
		s.doom(args)
	case deedPart, deedLink:
		s.command(word, args)
	case deedLose:
		s.lose()
	default:
		if d.Do != nil {
			s.world.Do(*d.Do)
		}
	}
}

// working is the process that has the lease, if any.
func (s *sim) working() *process {
	for _, p := range s.processes {
		if p.ready && !p.down {
			return p
		}
	}
	return nil
}

// drag lets a person change a card on the board: they look at it, think and act. Where
// nobody answers they try again a while later, with the same key.
func (s *sim) drag(args []string) {
	if len(args) != 3 {
		return
	}
	s.drags++
	s.attempt(fmt.Sprintf("drag-%04d", s.drags), args)
}

// patience is how long somebody waits for an answer of the board.
const patience = 45 * time.Second

func (s *sim) attempt(key string, args []string) {
	s.after(patience, named(s.seed, key), func() {
		if !s.journal.heard[key] && !s.resting {
			s.attempt(key, args)
		}
	})
	p := s.working()
	if p == nil {
		return
	}
	p.spawn(p, "board", func() {
		in, ok := s.wanted(p, key, args)
		if !ok {
			s.journal.heard[key] = true // there is no such card on the board
			return
		}
		s.last = in
		_, err := p.runner.Intend(p.ctx, in)
		s.journal.heard[key] = true
		s.answered(err)
	})
}

// wanted is what somebody asks for, after they have looked at the card and thought.
func (s *sim) wanted(p *process, key string, args []string) (engine.Intent, bool) {
	if in := s.journal.intents[key]; in != nil {
		return in.asked, true
	}
	id, err := p.runner.Store.Resolve(p.ctx, args[0])
	if err != nil {
		return engine.Intent{}, false
	}
	card, err := p.runner.Store.Card(p.ctx, id)
	if err != nil {
		return engine.Intent{}, false
	}
	ask := engine.Intent{Key: key, Card: id, Field: kanban.Field(args[1]), To: kanban.Value(args[2]), Rev: card.Rev, Actor: "olga"}
	saw := s.look(card, ask.Field)
	p.wait(p.draw(20 * time.Second))
	s.journal.intents[key] = &intent{asked: ask, card: id, field: ask.Field, to: ask.To, saw: saw}
	return ask, true
}

// again sends the last drag once more: it gets the same answer and changes nothing.
func (s *sim) again() {
	if p := s.working(); p != nil && s.last.Key != "" {
		p.spawn(p, "board", func() {
			_, err := p.runner.Intend(p.ctx, s.last)
			s.answered(err)
		})
	}
}

// answered takes down what became of a drag.
func (s *sim) answered(err error) {
	if err == nil {
		s.journal.kinds["drag taken"]++
		return
	}
	if r, ok := errors.AsType[*engine.Refusal](err); ok {
		if r.Stale {
			s.journal.kinds["drag stale"]++
		} else {
			s.journal.kinds["drag refused"]++
		}
	}
}

// doom lets a process die a number of effects from now.
func (s *sim) doom(args []string) {
	var index, n int
	if _, err := fmt.Sscan(strings.Join(args, " "), &index, &n); err == nil && index < len(s.processes) {
		s.processes[index].fuse = max(n, 1)
	}
}

// command is what a person does in a shell beside the daemon: a process of its own,
// without a lease.
func (s *sim) command(word string, args []string) {
	p := &process{sim: s, index: 9}
	p.again = func() { s.command(word, args) }
	p.ctx, p.cancel = context.WithCancel(context.Background())
	p.runner = newRunner(p)
	s.commands = append(s.commands, p)
	p.spawn(p, word, func() {
		if p.runner.Remember(p.ctx) != nil || p.runner.Rules() == nil {
			return
		}
		switch {
		case word == deedPart && len(args) == 1:
			if _, _, err := p.runner.Unlink(p.ctx, args[0], "olga"); err == nil {
				s.journal.kinds["parted by hand"]++
			}
		case word == deedLink && len(args) == 2:
			if _, err := p.runner.Link(p.ctx, args[0], args[1], "olga"); err == nil {
				s.journal.kinds["linked by hand"]++
			}
		}
	})
}
