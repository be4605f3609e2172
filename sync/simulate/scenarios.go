package simulate

import (
	"strconv"
	"time"

	"parley/connectors"
	"parley/sync/simulate/world"
)

// Ids of the issues that a world begins with.
const (
	firstJira   = "10001"
	firstGitHub = "5166000001"
)

// The statuses of world.Board in a workflow where everything leads everywhere, and the
// looks of its GitHub issues.
const (
	toBacklog, toReady, toDoing, toBuilding, toDone                                  = 0, 1, 2, 3, 4
	lookBacklog, lookReady, lookDoing, lookReview, lookDone, lookNotPlanned, lookDup = 0, 1, 2, 3, 4, 5, 6
)

// inJira moves the first Jira issue to a status.
func inJira(at time.Duration, status int) Deed {
	return did(at, world.Deed{Act: world.Move, Kind: connectors.Jira, Issue: firstJira, Who: "Ana", To: strconv.Itoa(11 + 10*status)})
}

// inGitHub gives the first GitHub issue a look.
func inGitHub(at time.Duration, look int) Deed {
	return did(at, world.Deed{Act: world.Move, Kind: connectors.GitHub, Issue: firstGitHub, Who: "Ben", To: strconv.Itoa(look)})
}

func prioritised(at time.Duration, kind connectors.Kind, to string) Deed {
	issue := firstJira
	if kind == connectors.GitHub {
		issue = firstGitHub
	}
	return did(at, world.Deed{Act: world.Prioritise, Kind: kind, Issue: issue, Who: "Cleo", To: to})
}

func did(at time.Duration, d world.Deed) Deed { return Deed{At: at, What: d.String(), Do: &d} }

func onBoard(at time.Duration, what string) Deed { return Deed{At: at, What: what} }

// Scenarios are the reference runs: short, exact, each about one thing. Every single
// place in them at which the process could die is tried (TestEveryCrashPoint).
func Scenarios() []Script {
	const s, m = time.Second, time.Minute
	pair := func(name, policy string, deeds ...Deed) Script {
		return Script{Name: name, Items: 2, Pairs: 1, Length: 3 * m, Rest: 2 * m, Exact: true, Swarm: &world.Swarm{}, Deeds: deeds,
			Setup: &Setup{Status: policy, Priority: policy, Poll: 30 * s, Processes: 1, Steady: true}}
	}
	with := func(sc Script, change func(*Script)) Script { change(&sc); return sc }
	act := func(at time.Duration, a world.Act, kind connectors.Kind, issue, to, box string) Deed {
		return did(at, world.Deed{Act: a, Kind: kind, Issue: issue, Who: "Dora", To: to, Box: box})
	}
	return []Script{
		pair("Jira to GitHub", "jira", inJira(m, toDoing)),
		pair("GitHub to Jira", "jira", inGitHub(m, lookReady)),
		pair("there and back", "jira", inJira(m, toDoing), inGitHub(2*m, lookDone)),
		pair("drag", "jira", onBoard(m, "board OPS-1 status ready")),
		pair("drag twice", "jira", onBoard(m, "board OPS-1 status ready"), onBoard(m+40*s, "board OPS-1 status done")),
		pair("drag sent again", "jira", onBoard(m, "board OPS-1 status ready"), onBoard(m+45*s, "again")),
		pair("conflict, Jira wins", "jira", inJira(m, toDoing), inGitHub(m+s, lookDone)),
		pair("conflict, GitHub wins", "github", inJira(m, toDoing), inGitHub(m+s, lookDone)),
		pair("conflict, the newest wins", "newest", inJira(m, toDoing), inGitHub(m+20*s, lookDone)),
		pair("conflict, a person is asked", "ask", inJira(m, toDoing), inGitHub(m+s, lookDone)),
		pair("asked, then set to the same", "ask", inJira(m, toDone), inGitHub(m+s, lookReady), inGitHub(2*m, lookDone)),
		pair("the same on both sides", "jira", inJira(m, toDone), inGitHub(m+s, lookDone)),
		pair("drag against an edit", "jira", onBoard(m, "board OPS-1 status done"), inJira(m+15*s, toReady)),
		pair("edit after edit", "jira", inJira(m, toReady), inJira(m+10*s, toDoing), inJira(m+20*s, toDone)),
		pair("label swap", "jira", inGitHub(m, lookReady), inGitHub(m+40*s, lookDoing), inGitHub(m+80*s, lookReview)),
		pair("close as not planned", "jira", inGitHub(m, lookNotPlanned)),
		pair("reopen", "jira", inGitHub(40*s, lookDone), inGitHub(2*m, lookReady)),
		pair("priority from Jira", "jira", prioritised(m, connectors.Jira, "2")),
		pair("priority from GitHub", "jira", prioritised(m, connectors.GitHub, "0")),
		pair("priority cleared", "jira", prioritised(40*s, connectors.GitHub, "0"), prioritised(2*m, connectors.GitHub, "")),
		pair("status and priority at once", "jira", inJira(m, toDone), prioritised(m+s, connectors.GitHub, "0")),
		pair("deleted at Jira", "jira", inGitHub(m, lookReady), act(2*m, world.Delete, connectors.Jira, firstJira, "", "")),
		pair("hidden at Jira", "jira", act(m, world.Hide, connectors.Jira, firstJira, "", ""), inGitHub(m+10*s, lookReady)),
		pair("moved to another project", "jira", act(m, world.Transfer, connectors.Jira, firstJira, "", world.OtherProj), inGitHub(2*m, lookReady)),
		pair("cloned", "jira", act(m, world.Clone, connectors.GitHub, firstGitHub, "", ""), inJira(m+40*s, toDoing)),
		pair("parted", "jira", inJira(m, toDoing), onBoard(2*m, "part OPS-1")),
		pair("parted and linked", "jira", onBoard(m, "part OPS-1"), onBoard(2*m, "link OPS-1 acme/payments#1")),
		with(pair("mirrored to GitHub", "jira"), func(sc *Script) { sc.Items, sc.Pairs = 1, 0 }),
		with(pair("mirrored and edited", "jira", inJira(m+20*s, toDoing)), func(sc *Script) { sc.Items, sc.Pairs = 1, 0 }),
		with(pair("two processes", "jira", inJira(m, toDoing), inGitHub(2*m, lookDone)), func(sc *Script) { sc.Setup.Processes = 2 }),
		pair("renamed label", "jira", inGitHub(m, lookReady), act(2*m, world.RenameLab, connectors.GitHub, firstGitHub, "status:ready", "")),
		troubled(pair("rate limits", "jira", inJira(m, toDoing), inGitHub(2*m, lookDone)), world.RateLimited),
		troubled(pair("answers that are lost", "jira", inJira(m, toDoing), inGitHub(2*m, lookDone)), world.LostAnswer),
		troubled(pair("writes that land late", "jira", inJira(m, toDoing), inGitHub(2*m, lookDone)), world.Delayed),
		troubled(pair("writes that land twice", "jira", inJira(m, toDoing), inGitHub(2*m, lookDone)), world.Twice),
		troubled(pair("replicas that are behind", "jira", inJira(m, toDoing), inGitHub(2*m, lookDone)), world.StaleRead),
		with(troubled(pair("a mirror whose creation is lost", "jira"), world.Timeout), func(sc *Script) { sc.Items, sc.Pairs = 1, 0 }),
		with(pair("several hops", "jira", inGitHub(m, lookDone)), func(sc *Script) { sc.Seed = narrow(1) }),
		with(pair("no way there", "jira", inGitHub(m, lookNotPlanned)), func(sc *Script) { sc.Seed = narrow(1) }),
		pair("a migration nobody told of", "jira", inJira(m, toReady), act(2*m, world.Migrate, connectors.Jira, firstJira, "10003", "")),
	}
}

// troubled lets every third request that a fault fits fail, and people begin when the
// twins have met all the same.
func troubled(sc Script, f world.Fault) Script {
	const later = 5 * time.Minute
	sc.Swarm.Rates[f] = 1. / 3
	sc.Faults = make([]int64, 2000)
	for i := range sc.Faults {
		sc.Faults[i] = int64(i + 1)
	}
	for i := range sc.Deeds {
		sc.Deeds[i].At += later
	}
	sc.Length += later
	return sc
}

// Wide finds a seed from some number on whose world has a workflow in which everything
// leads everywhere, as the scenarios take for granted.
func Wide(from uint64) uint64 { return seek(from, true) }

// narrow finds one in whose workflow not everything leads everywhere.
func narrow(from uint64) uint64 { return seek(from, false) }

func seek(from uint64, wide bool) uint64 {
	for seed := from; ; seed++ {
		w, err := world.New(world.Options{Seed: seed, Items: 2, Pairs: 1})
		if err != nil {
			continue
		}
		w.Do(*inJira(0, toBuilding).Do)
		if len(w.Truth().Issues[0].Edits) > 0 == wide {
			return seed
		}
	}
}
