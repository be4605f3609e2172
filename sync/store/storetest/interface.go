package storetest

import (
	"context"
	"time"

	"parley/connectors"
	"parley/kanban"
	"parley/sync/engine"
	"parley/sync/mirror"
	"parley/sync/reconcile"
	"parley/sync/remark"
	"parley/sync/store"
)

// Store is what every engine of the store offers: everything that *store.Store does
// but for what only a database has.
type Store interface {
	cardStore
	dueStore
	issueStore
	listStore
	recordStore
	trackerStore
	keyStore
	leaseStore
	wholeStore
	Commit(ctx context.Context, c store.Commit) (int64, error)
}

// wholeStore is what is asked about a store as a whole.
type wholeStore interface {
	Seq(ctx context.Context) (int64, error)
	Counts(ctx context.Context) (store.Tally, error)
	Check(ctx context.Context) ([]string, error)
	Close() error
}

// keyStore is what is kept under a key.
type keyStore interface {
	remarkStore
	contractStore
	AnswerOf(ctx context.Context, key string) ([]byte, bool, error)
	PruneAnswers(ctx context.Context, before time.Time) (int64, error)
	Setting(ctx context.Context, key string) (string, bool, error)
	SetSetting(ctx context.Context, key, value string) error
	KeepSetting(ctx context.Context, key, value string) (string, error)
	Settings(ctx context.Context, prefix string) (map[string]string, error)
	SavePlan(ctx context.Context, hash string, items []byte, at time.Time) error
	PlanOf(ctx context.Context, hash string) ([]byte, time.Time, error)
}

// leaseStore is how processes keep out of each other's way.
type leaseStore interface {
	Acquire(ctx context.Context, name, owner string, ttl time.Duration, now time.Time) (int64, error)
	Renew(ctx context.Context, name string, epoch int64, ttl time.Duration, now time.Time) error
	Release(ctx context.Context, name string, epoch int64) error
	Leases(ctx context.Context, prefix string) ([]store.Lease, error)
	LeaseOf(ctx context.Context, name string) (store.Lease, error)
	Takeovers(ctx context.Context) (int64, error)
	ForgetLeases(ctx context.Context, prefix string, before time.Time) error
	Notices(ctx context.Context, limit int) ([]store.Notice, error)
	Bearing(ctx context.Context, names ...string) (store.Bearing, error)
}

// cardStore is what is asked about cards.
type cardStore interface {
	Card(ctx context.Context, id kanban.CardID) (engine.Card, error)
	Cards(ctx context.Context, ids []kanban.CardID) (map[kanban.CardID]engine.Card, error)
	Resolve(ctx context.Context, text string) (kanban.CardID, error)
	Faces(ctx context.Context, q store.FaceQuery) ([]store.Face, error)
	Gone(ctx context.Context, sinceSeq int64) ([]store.Alias, error)
	Creating(ctx context.Context) ([]mirror.Saga, error)
	Linked(ctx context.Context, project, repo string) (int, error)
	Taken(ctx context.Context, rooms []store.Room) ([]int, error)
}

// dueStore is which cards need a step, and when.
type dueStore interface {
	Due(ctx context.Context, now time.Time, limit int) ([]kanban.CardID, error)
	IsDue(ctx context.Context, id kanban.CardID, now time.Time) (bool, error)
	NextDue(ctx context.Context) (time.Time, bool, error)
	Touch(ctx context.Context, id kanban.CardID, at time.Time) error
	TouchAll(ctx context.Context, at time.Time, fingerprint string) (int64, error)
	TouchOpen(ctx context.Context, at time.Time) (int64, error)
}

// issueStore is what is asked about issues and whom they name.
type issueStore interface {
	Index(ctx context.Context, tracker string, issueIDs []string) (map[string]store.IssueRow, error)
	IssueByKey(ctx context.Context, key string) ([]store.IssueRow, error)
	IssuesOf(ctx context.Context, card kanban.CardID) ([]store.IssueRow, error)
	Mentions(ctx context.Context, tracker, issueID string) ([]store.Mention, error)
	Mentioned(ctx context.Context, target string) ([]store.Mention, error)
	Parted(ctx context.Context, a, b store.IssueID) (bool, error)
	Edges(ctx context.Context, tracker, project, typ string) ([]store.Edge, error)
	PruneEdges(ctx context.Context, before time.Time) (int64, error)
}

// listStore is what issues are looked for that nobody has named.
type listStore interface {
	Unpaired(ctx context.Context, tracker string, containers []string, after string, limit int) ([]store.IssueRow, error)
	Unswept(ctx context.Context, tracker string, containers []string, before time.Time, after string, limit int) ([]store.IssueRow, error)
	Unrecorded(ctx context.Context, tracker string, containers []string, after string, limit int) ([]store.IssueRow, error)
	Refused(ctx context.Context, tracker, after string, limit int) ([]store.IssueRow, error)
	Histories(ctx context.Context, tracker string) (store.HistoryTally, error)
	NewestKey(ctx context.Context, tracker, container string) (string, error)
	Resident(ctx context.Context, tracker, project, typ, statusID string) (store.IssueRow, bool, error)
	Quarantine(ctx context.Context) ([]store.Quarantined, error)
}

// remarkStore is what is asked about Parley's own comments.
type remarkStore interface {
	Remark(ctx context.Context, key string) (remark.Remark, error)
	RemarksDue(ctx context.Context, now time.Time, limit int) ([]string, error)
	OpenRemarks(ctx context.Context) ([]remark.Remark, error)
	RemarksNamed(ctx context.Context, prefix string) (int64, error)
	RemarksOf(ctx context.Context, tracker, issue string) ([]remark.Remark, error)
}

// recordStore is what is asked about the past.
type recordStore interface {
	Events(ctx context.Context, card kanban.CardID) ([]kanban.Event, error)
	Conflict(ctx context.Context, id string) (reconcile.Conflict, error)
	Conflicts(ctx context.Context, q store.ConflictQuery) ([]reconcile.Conflict, error)
	Activity(ctx context.Context, q store.ActivityQuery) ([]engine.Activity, error)
	OpenOps(ctx context.Context) ([]reconcile.Op, error)
	OpenStates(ctx context.Context) (map[reconcile.OpState]int64, error)
	OldestOpen(ctx context.Context) (time.Time, error)
	SentSince(ctx context.Context, at time.Time) ([]reconcile.Op, error)
	OpsOf(ctx context.Context, card kanban.CardID) ([]reconcile.Op, error)
	PruneOps(ctx context.Context, before time.Time) (int64, error)
}

// trackerStore is what is kept of the trackers themselves.
type trackerStore interface {
	Directory(ctx context.Context, tracker string) (connectors.Directory, time.Time, error)
	SaveDirectory(ctx context.Context, d connectors.Directory, at time.Time) error
	Source(ctx context.Context, tracker, source string) (store.SourceState, error)
	SaveSource(ctx context.Context, epoch int64, st store.SourceState) error
	Tier(ctx context.Context, tracker, source, tier string) (store.SourceState, error)
	Tiers(ctx context.Context) ([]store.SourceState, error)
	Sources(ctx context.Context) ([]store.SourceState, error)
}
