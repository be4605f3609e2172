package simulate

// Property is one thing that must hold in every run.
type Property struct {
	ID    string
	Says  string // the specification's words, shortened
	Where string // "": judged at the end of every run; else the test that holds it
	check func(*verdicts) error
}

// Properties lists P1 to P30 with the code that holds each: by a check of this package
// on every run, or by the test that is named.
func Properties() []Property {
	return []Property{
		{"P1", "no foreign edit is lost silently", "", checkP1},
		{"P2", "both sides converge, or the field is visibly left alone", "", checkP2},
		{"P3", "own writes ≤ 2H-1+F", "", checkP3},
		{"P4", "at most one live mirror per source and container", "", checkP4},
		{"P5", "no mirror of a mirror", "", checkP5},
		{"P6", "no write without a committed row of the current epoch", "", checkP6},
		{"P7", "a crash leads where a run without crash can lead", "TestEveryCrashPoint", nil},
		{"P8", "what was folded of a side never goes back", "", checkP8},
		{"P9", "everything up to the watermark is ingested", "", checkP9},
		{"P10", "the watermark stays Λ behind the server", "", checkP10},
		{"P11", "whatever lies before our own entry is folded", "", checkP11},
		{"P12", "the conflict is older than the write over it", "", checkP12},
		{"P13", "the same seed gives the same run", "TestSameSeedSameTrace", nil},
		{"P14", "at rest nothing is written for an hour", "", checkP14},
		{"P15", "doubled, late and reordered observations change nothing", "TestObservationsInAnyOrder", nil},
		{"P16", "sets: base plus what was added less what was removed", "", checkP16},
		{"P17", "the laws of the mapping", "mapping: TestLawsHoldForWhatIsNotRefused", nil},
		{"P18", "no status on the way becomes the agreed value, and no write takes a hop twice", "", checkP18},
		{"P19", "budgets of the trackers are kept", "sync/engine: TestManyWritesToOneIssueKeepToJirasLimits", nil},
		{"P20", "no source waits for longer than three polls", "", checkP20},
		{"P21", "a broken item delays nobody else", "TestPoisonedItem", nil},
		{"P22", "what a breaker holds is not sent without leave", "", checkP22},
		{"P23", "absence alone never causes a write", "", checkP23},
		{"P24", "at most six own writes of a field an hour beyond people's edits and failed requests", "", checkP24},
		{"P25", "no commit under a lease that is lost", "", checkP25},
		{"P26", "a plan writes nothing and is what apply sends", "sync/runner: TestApplySendsExactlyThePlan", nil},
		{"P27", "markers of others make and steal no link", "", checkP27},
		{"P28", "at rest within 3T + H_w + Λ", "", checkP28},
		{"P29", "no secret in logs and conflicts", "cmd/parley/internal/secrecy: TestNoWordReachesWhoMayNotReadIt", nil},
		{"P30", "every store passes fsck", "", checkP30},
	}
}
