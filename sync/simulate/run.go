package simulate

import (
	"context"
	"encoding/json"
	"fmt"
	"hash/fnv"
	"slices"
	"time"

	"parley/connectors"
	"parley/mapping"
	"parley/sync/simulate/world"
	"parley/sync/store"
	"parley/sync/store/memory"
)

// Result is what came of a run.
type Result struct {
	Script     Script         // written out
	Err        error          // the first property that did not hold
	Operations int64          // requests answered and things done by people
	Effects    int            // points at which a process could die before all was calm
	Trace      uint64         // hash of everything that happened and of the store at the end
	Met        map[string]int // how often each row of the tables was met
	Struck     []int64        // numbers of the requests that a fault hit
}

// H_w and Λ: how late a request may take effect, and a change may show.
const (
	horizonWrite = 5 * time.Minute
	horizonShow  = 10 * time.Minute
)

// Run makes a run and judges it.
func Run(sc Script) Result {
	s, err := prepare(sc)
	if err != nil {
		return Result{Script: sc, Err: err}
	}
	s.play()
	res := Result{Script: s.script, Operations: s.world.Operations(), Effects: s.stormy}
	v, err := s.verdict()
	if s.err != nil {
		err = s.err
	}
	res.Err, res.Trace, res.Met, res.Struck = err, s.digest(v), s.met(), s.struck()
	s.end()
	return res
}

// prepare makes the world and the processes of a script.
func prepare(sc Script) (*sim, error) {
	s := &sim{seed: sc.Seed, crashes: map[int]bool{}}
	s.script = s.complete(sc)
	s.journal = newJournal(s)
	for _, n := range s.script.Die {
		s.crashes[n] = true
	}
	opts := world.Options{Seed: sc.Seed, Swarm: *s.script.Swarm, Items: s.script.Items, Pairs: s.script.Pairs, Mapping: s.script.Setup.mapping()}
	if sc.Exact || sc.Faults != nil {
		opts.Only = map[int64]bool{}
		for _, n := range sc.Faults {
			opts.Only[n] = true
		}
	}
	w, err := world.New(opts)
	if err != nil {
		return nil, fmt.Errorf("make the world: %w", err)
	}
	s.world, s.now = w, w.Now().UnixNano()
	s.began = s.now
	s.memory = memory.New()
	s.containers()
	for i := range s.script.Setup.Processes {
		p := &process{sim: s, index: i}
		p.again = p.start
		s.processes = append(s.processes, p)
		s.after(time.Duration(i)*3*time.Second, uint64(i), p.start)
	}
	return s, nil
}

// containers remembers which containers are read.
func (s *sim) containers() {
	for _, t := range s.world.Mapping().Trackers {
		for _, c := range t.Containers {
			s.read = append(s.read, contact{t.Kind, c})
		}
	}
}

// reads reports whether the configuration reads a container.
func (s *sim) reads(k connectors.Kind, container string) bool {
	for _, c := range s.read {
		if c.tracker == string(k) && c.issue == container {
			return true
		}
	}
	return false
}

func (s *sim) kindNamed(tracker string) connectors.Kind {
	for _, t := range s.world.Mapping().Trackers {
		if t.Name == tracker {
			return connectors.Kind(t.Kind)
		}
	}
	return ""
}

// compile makes the rules of this world, once for each pair of directories.
func (s *sim) compile(dirs []connectors.Directory) (*mapping.Rules, []mapping.Problem) {
	return mapping.Compile(s.world.Mapping(), dirs)
}

// play lets people act and things fail, then lets all come to rest, and then watches
// for a while that nothing more is written.
func (s *sim) play() {
	end := s.began + int64(s.script.Length)
	s.schedule(end)
	s.run(end)
	s.calmDown()
	s.run(s.now + int64(s.settling()))
	s.resting = true
	s.run(s.now + int64(s.script.rest()))
}

// settling is how long everything may take to come to rest (P28). Where a tracker lied
// about what lists show, only the reading that goes back a day finds it; an issue that
// is to be mirrored is met again by that reading at the latest.
func (s *sim) settling() time.Duration {
	d := 3*s.script.Setup.Poll + horizonWrite + horizonShow
	if s.script.Swarm.LongLag || s.lied("") || s.mirrors() {
		d = max(d, slowTier+3*time.Minute)
	}
	return d + s.paused()
}

// paused is how long requests are still held back: a credential that was refused again
// and again is tried ever more rarely.
func (s *sim) paused() (longest time.Duration) {
	text, _, err := s.memory.Setting(context.Background(), store.SettingPauses)
	if err != nil {
		return 0
	}
	list, _ := store.DecodePauses(text, s.clock())
	for _, p := range list {
		longest = max(longest, p.Until.Sub(s.clock()))
	}
	return longest
}

// mirrors reports whether issues are created.
func (s *sim) mirrors() bool {
	return slices.ContainsFunc(s.world.Mapping().Pairs, func(p mapping.PairConfig) bool { return p.Mirror != "" && p.Mirror != mapping.MirrorNone })
}

// slowTier is how often the last day is read again.
const slowTier = 20 * time.Minute

// rest is how long a run is watched at rest: an hour, for most runs a part of it.
func (sc *Script) rest() time.Duration {
	switch {
	case sc.Rest != 0:
		return sc.Rest
	case sc.Exact || sc.Seed%8 == 0:
		return time.Hour
	default:
		return 5 * time.Minute
	}
}

// calmDown ends all faults: the world's, and those of the processes.
func (s *sim) calmDown() {
	s.calm, s.calmAt, s.stormy = true, s.now, s.points
	s.world.Calm()
	s.crashes = nil
	for _, p := range s.processes {
		p.fuse = 0
	}
}

// verdict holds every property against the run.
func (s *sim) verdict() (*verdicts, error) {
	if s.err != nil {
		return nil, s.err
	}
	v, err := s.judge()
	if err != nil {
		return v, err
	}
	for _, p := range Properties() {
		if p.check == nil {
			continue
		}
		if err := p.check(v); err != nil {
			return v, err
		}
	}
	return v, nil
}

// digest is the hash of the run's trace and of all cards at its end.
func (s *sim) digest(v *verdicts) uint64 {
	h := fnv.New64a()
	if v != nil {
		for _, c := range v.cards {
			_ = json.NewEncoder(h).Encode(struct {
				Card any
				Ops  any
			}{c, c.Ops})
		}
	}
	return mix(s.trace, h.Sum64())
}

// met tells what the run met of the rows that some run must meet.
func (s *sim) met() map[string]int {
	out := s.journal.kinds
	for name, n := range s.world.Fired() {
		out["world "+name] += n
	}
	return out
}

// struck lists the requests that a fault hit.
func (s *sim) struck() []int64 {
	out := []int64{}
	for _, i := range s.world.Incidents() {
		out = append(out, i.N)
	}
	return out
}

// end takes the coroutines of a run down.
func (s *sim) end() {
	for _, p := range append(s.processes, s.commands...) {
		p.down = true
		p.bury()
	}
}

// lose drops the store, and with it every process.
func (s *sim) lose() {
	s.memory = memory.New()
	s.journal.forget()
	for _, p := range s.processes {
		p.die("lose")
		if s.current == nil {
			p.bury()
		}
	}
}

// forget drops what the judge knows of a store that is gone.
func (j *journal) forget() {
	clear(j.met)
	clear(j.folded)
	clear(j.token)
	clear(j.intents)
	j.lost = true
}
