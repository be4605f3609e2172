package simulate

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"slices"
	"time"

	"parley/connectors"
	"parley/kanban"
	"parley/mapping"
	"parley/sync/runner"
	"parley/sync/store"
)

// process is one `parley run`: a runner, its activities, and nothing that outlives it.
type process struct {
	*sim
	index   int
	life    int // how often it was started
	born    uint64
	ctx     context.Context //nolint:containedctx // it is the process' own, and ends with it
	cancel  context.CancelFunc
	runner  *runner.Runner
	tasks   []*task
	again   func() // what follows when it died: it is started anew
	fuse    int    // it dies after so many effects; 0: not by that
	down    bool   // it died and is to be buried
	ready   bool   // it has the lease and works
	desk    *task
	workers []*worker
}

// worker is one of the coroutines that work on cards.
type worker struct {
	act  *task
	card kanban.CardID // "": waits for one
}

// start begins the process anew: nothing of what it knew before is left.
func (p *process) start() {
	p.life++
	p.down, p.ready, p.tasks, p.workers, p.desk = false, false, nil, nil, nil
	p.ctx, p.cancel = context.WithCancel(context.Background())
	p.runner = newRunner(p)
	p.spawn(p, "main", p.main)
}

// newRunner makes the runner of a process on the present store.
func newRunner(p *process) *runner.Runner {
	return runner.New(p.options(&ledger{Store: p.memory, of: p}))
}

// options are what a runner of this world is made with.
func (p *process) options(st runner.Store) runner.Options {
	o := runner.Options{
		Store: st, Write: true, Poll: p.pace.poll, Skew: p.pace.skew, Now: p.clock, NewID: p.newID,
		MarkKeys: [][]byte{[]byte("a key for marks, of thirty-two b")}, Limits: p.script.Setup.limits(),
		Owner: fmt.Sprintf("parley-%d-%d", p.index, p.life), Log: slog.New(slog.DiscardHandler),
		Compile: func(dirs []connectors.Directory) (*mapping.Rules, []mapping.Problem) {
			return p.compile(dirs)
		},
	}
	for _, t := range p.world.Trackers() {
		o.Trackers = append(o.Trackers, runner.Tracker{Name: t.Name, Kind: t.Kind, Tracker: &line{Tracker: t.Tracker, of: p, name: t.Name}})
	}
	return o
}

func (s *sim) clock() time.Time { return time.Unix(0, s.now).UTC() }

// main is what Run does, with one activity for each of its goroutines.
func (p *process) main() {
	if err := p.runner.Prepare(p.ctx); err != nil {
		p.exit(err)
		return
	}
	for {
		err := p.runner.Lease(p.ctx)
		if err == nil {
			break
		}
		if _, held := errors.AsType[store.ErrHeld](err); !held {
			p.exit(err)
			return
		}
		p.wait(2*time.Second + time.Duration(p.index)*time.Millisecond)
	}
	if err := p.runner.TakeUp(p.ctx); err != nil {
		p.exit(err)
		return
	}
	p.ready = true
	p.loop("renew", func() (time.Duration, error) { return leaseEvery, p.runner.Keep(p.ctx) })
	for _, t := range p.runner.Trackers {
		p.loop("histories "+t.Name, func() (time.Duration, error) {
			return p.pause(p.pace.poll), quiet(p.runner.HistoryRound(p.ctx, t))
		})
		for _, source := range t.Sources() {
			p.loop("poll "+t.Name+" "+source, func() (time.Duration, error) {
				err := p.runner.PollSource(p.ctx, t, source)
				p.rouse() // nothing was sent while the reading was under way
				return p.pause(p.pace.poll), err
			})
			p.loop("slow "+t.Name+" "+source, func() (time.Duration, error) {
				err := p.runner.SlowRound(p.ctx, t, source)
				p.rouse()
				return p.pause(max(p.pace.poll, time.Minute)), quiet(err)
			})
		}
		if t.Kind == connectors.Jira {
			p.loop("links "+t.Name, func() (time.Duration, error) {
				return p.pause(p.pace.poll), quiet(p.runner.LinkRound(p.ctx, t))
			})
		}
	}
	p.desk = p.spawn(p, "desk", p.dispatch)
}

const leaseEvery = 2 * time.Second

// quiet lets a tracker's failure pass, as the loop of the link reader does.
func quiet(err error) error {
	if _, ok := errors.AsType[*connectors.Error](err); ok {
		return nil
	}
	return err
}

// pause is a poll's interval, shortened by up to a tenth as in the real loop.
func (p *process) pause(d time.Duration) time.Duration {
	t := p.current
	t.steps++
	return d - time.Duration(mix(t.key, t.steps)>>1%uint64(d/10))
}

// loop repeats a step for as long as the process lives.
func (p *process) loop(name string, step func() (time.Duration, error)) {
	p.spawn(p, name, func() {
		for {
			d, err := step()
			if err != nil {
				p.exit(err)
				return
			}
			p.wait(d)
		}
	})
}

// workersMost is how many cards are under way at once.
const workersMost = 16

// dispatch hands due cards to workers.
func (p *process) dispatch() {
	for {
		ids, err := p.runner.Due(p.ctx)
		if err != nil {
			p.exit(err)
			return
		}
		for _, id := range ids {
			p.hand(id)
		}
		p.nap(p.desk, 20*time.Second)
	}
}

// hand gives a card to a worker unless one has it.
func (p *process) hand(id kanban.CardID) {
	if slices.ContainsFunc(p.workers, func(w *worker) bool { return w.card == id }) {
		return
	}
	i := slices.IndexFunc(p.workers, func(w *worker) bool { return w.card == "" })
	if i < 0 && len(p.workers) == workersMost {
		return // somebody comes back and asks again
	}
	if i < 0 {
		w := &worker{}
		p.workers = append(p.workers, w)
		w.card = id
		w.act = p.spawn(p, "worker", func() { p.work(w) })
		return
	}
	p.workers[i].card = id
	p.wake(p.workers[i].act, 0)
}

func (p *process) work(w *worker) {
	for {
		if err := p.runner.Work(p.ctx, w.card); err != nil {
			p.exit(err)
			return
		}
		w.card = ""
		p.wake(p.desk, 0)
		for w.card == "" {
			p.nap(w.act, time.Hour)
		}
	}
}

// exit ends the process by itself, as Run does when the lease or the store is lost.
func (p *process) exit(err error) {
	if p.down {
		return
	}
	if !errors.Is(err, store.ErrFenced) {
		p.fail(fmt.Errorf("the runner stopped working: %w", err))
	}
	p.die("exit")
}

// die ends the process here and now: no activity of it goes on, no effect that has
// not begun is begun. It is started again a while later.
func (p *process) die(how string) {
	if p.down {
		return
	}
	p.note(how, "")
	p.narrator.tellf("p%d dies: %s", p.index, how)
	p.journal.deaths++
	p.down, p.ready = true, false
	p.cancel()
	p.after(time.Second+time.Duration(mix(p.seed, uint64(p.index*1000+p.life))>>1%uint64(15*time.Second)), p.seed, p.again)
}

// bury unwinds the activities of a dead process.
func (p *process) bury() {
	for _, t := range p.tasks {
		if !t.dead {
			t.dead = true
			t.stop()
		}
	}
	p.tasks = nil
}
