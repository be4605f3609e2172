package simulate

import (
	"slices"
	"strings"
	"time"

	"parley/sync/simulate/world"
)

// Shrink makes a failing script smaller as long as it fails with the same property:
// deeds go first, then faults, then what the world has in it. It tries at most so many
// runs.
func Shrink(failed Result, runs int) Result {
	sh := &shrinker{best: failed, left: runs, property: property(failed.Err)}
	sc := failed.Script
	if sc.Faults == nil {
		sc.Faults = failed.Struck
	}
	sc.Exact = true
	if !sh.try(sc) {
		return failed // it hangs on something that is not written out
	}
	for before := -1; before != sh.left && sh.left > 0; {
		before = sh.left
		sh.thin()
		sh.simplify()
		if sh.best.Script.size() == sh.size {
			break
		}
		sh.size = sh.best.Script.size()
	}
	return sh.best
}

func (sc *Script) size() int { return len(sc.Deeds) + len(sc.Faults) + len(sc.Die) + sc.Items }

type shrinker struct {
	best     Result
	left     int
	size     int
	property string
}

// property is the name of the property that an error speaks of.
func property(err error) string {
	if err == nil {
		return ""
	}
	name, _, _ := strings.Cut(err.Error(), ":")
	return name
}

// try runs a script and keeps it if it fails in the same way.
func (sh *shrinker) try(sc Script) bool {
	if sh.left <= 0 {
		return false
	}
	sh.left--
	res := Run(sc)
	if property(res.Err) != sh.property {
		return false
	}
	sh.best = res
	return true
}

// thin drops deeds and faults, halves of them first.
func (sh *shrinker) thin() {
	drop(sh, func(sc *Script) *[]Deed { return &sc.Deeds })
	drop(sh, func(sc *Script) *[]int64 { return &sc.Faults })
	drop(sh, func(sc *Script) *[]int { return &sc.Die })
}

// drop leaves out parts of a list, smaller and smaller ones.
func drop[T any](sh *shrinker, list func(*Script) *[]T) {
	for part := len(*list(&sh.best.Script)); part > 0 && sh.left > 0; part /= 2 {
		for at := 0; at < len(*list(&sh.best.Script)) && sh.left > 0; {
			sc := sh.best.Script
			all := *list(&sc)
			*list(&sc) = slices.Delete(slices.Clone(all), at, min(at+part, len(all)))
			if len(*list(&sc)) == 0 {
				*list(&sc) = []T{}
			}
			if !sh.try(sc) {
				at += part
			}
		}
	}
}

// simplify makes the world and the setup plainer, one thing at a time.
func (sh *shrinker) simplify() {
	for _, change := range []func(*Script){
		func(sc *Script) { sc.Setup.Processes = 1 },
		func(sc *Script) { sc.Setup.Steady = true },
		func(sc *Script) { sc.Swarm.Lag, sc.Swarm.LongLag = 0, false },
		func(sc *Script) { sc.Swarm.Dawdle = 0 },
		func(sc *Script) { sc.Swarm.Skew = false },
		func(sc *Script) { sc.Swarm.NoOps = false },
		func(sc *Script) { sc.Swarm.PageSize = 0 },
		func(sc *Script) { sc.Swarm.Doors, sc.Swarm.Schema = false, false },
		func(sc *Script) { sc.Swarm.Fields, sc.Swarm.Copies, sc.Swarm.Parting = false, false, false },
		func(sc *Script) { sc.Swarm.Rates = world.Swarm{}.Rates },
		func(sc *Script) { sc.Length = sc.lastDeed() + time.Minute },
		func(sc *Script) { sc.Items = max(sc.Pairs*2, 1) },
		func(sc *Script) { sc.Items, sc.Pairs = 2, 1 },
	} {
		sc := sh.best.Script
		setup, swarm := *sc.Setup, *sc.Swarm
		sc.Setup, sc.Swarm = &setup, &swarm
		change(&sc)
		sh.try(sc)
	}
}

// lastDeed is when the last deed is done.
func (sc *Script) lastDeed() time.Duration {
	var last time.Duration
	for _, d := range sc.Deeds {
		last = max(last, d.At)
	}
	return last
}
