package runner

import (
	"context"
	"time"

	"parley/connectors"
	"parley/kanban"
	"parley/kanban/contract"
	"parley/sync/challenge"
	"parley/sync/engine"
	"parley/sync/mirror"
	"parley/sync/reconcile"
	"parley/sync/remark"
	"parley/sync/store"
)

// Store is what a Runner keeps its memory in. *store.Store is one; the simulation has
// another, without a disk. The meaning of every method is that of *store.Store.
type Store interface {
	cardStore
	journal
	issueStore
	historyStore
	trackerStore
	words
	remarkStore
	contractStore
	leases
	Commit(ctx context.Context, c store.Commit) (int64, error)
}

// leases say which process works on the store.
type leases interface {
	Acquire(ctx context.Context, name, owner string, ttl time.Duration, now time.Time) (int64, error)
	Renew(ctx context.Context, name string, epoch int64, ttl time.Duration, now time.Time) error
	Release(ctx context.Context, name string, epoch int64) error
	Leases(ctx context.Context, prefix string) ([]store.Lease, error)
	LeaseOf(ctx context.Context, name string) (store.Lease, error)
	ForgetLeases(ctx context.Context, prefix string, before time.Time) error
	// Notices and Bearing are what the processes on one store tell each other.
	Notices(ctx context.Context, limit int) ([]store.Notice, error)
	Bearing(ctx context.Context, names ...string) (store.Bearing, error)
}

// cardStore is what is asked about cards.
type cardStore interface {
	Card(ctx context.Context, id kanban.CardID) (engine.Card, error)
	Cards(ctx context.Context, ids []kanban.CardID) (map[kanban.CardID]engine.Card, error)
	Resolve(ctx context.Context, text string) (kanban.CardID, error)
	Due(ctx context.Context, now time.Time, limit int) ([]kanban.CardID, error)
	IsDue(ctx context.Context, id kanban.CardID, now time.Time) (bool, error)
	TouchAll(ctx context.Context, at time.Time, fingerprint string) (int64, error)
	TouchOpen(ctx context.Context, at time.Time) (int64, error)
	Taken(ctx context.Context, rooms []store.Room) ([]int, error)
}

// journal is what is asked about writes and conflicts.
type journal interface {
	Conflict(ctx context.Context, id string) (reconcile.Conflict, error)
	OpenOps(ctx context.Context) ([]reconcile.Op, error)
	SentSince(ctx context.Context, at time.Time) ([]reconcile.Op, error)
	PruneOps(ctx context.Context, before time.Time) (int64, error)
}

// remarkStore is what is asked about Parley's own comments.
type remarkStore interface {
	Remark(ctx context.Context, key string) (remark.Remark, error)
	RemarksDue(ctx context.Context, now time.Time, limit int) ([]string, error)
	OpenRemarks(ctx context.Context) ([]remark.Remark, error)
	// RemarksNamed counts the comments whose keys begin so.
	RemarksNamed(ctx context.Context, prefix string) (int64, error)
}

// contractStore is what is asked about contracts.
type contractStore interface {
	Decisions(ctx context.Context) ([]contract.Event, error)
	Question(ctx context.Context, id string) (challenge.Question, error)
	QuestionsOf(ctx context.Context, card kanban.CardID) ([]challenge.Question, error)
	QuestionsDue(ctx context.Context, now time.Time, limit int) ([]string, error)
	Trade(ctx context.Context, id string) (store.Trade, error)
	OpenTrades(ctx context.Context) ([]store.Trade, error)
}

// words is what is kept by a key: settings, and answers to what people asked for.
type words interface {
	Seq(ctx context.Context) (int64, error)
	Setting(ctx context.Context, key string) (string, bool, error)
	SetSetting(ctx context.Context, key, value string) error
	AnswerOf(ctx context.Context, key string) ([]byte, bool, error)
	PruneAnswers(ctx context.Context, before time.Time) (int64, error)
}

// issueStore is what is asked about issues and whom they name.
type issueStore interface {
	Index(ctx context.Context, tracker string, issueIDs []string) (map[string]store.IssueRow, error)
	IssueByKey(ctx context.Context, key string) ([]store.IssueRow, error)
	IssuesOf(ctx context.Context, card kanban.CardID) ([]store.IssueRow, error)
	Mentions(ctx context.Context, tracker, issueID string) ([]store.Mention, error)
	Mentioned(ctx context.Context, target string) ([]store.Mention, error)
	Parted(ctx context.Context, a, b store.IssueID) (bool, error)
	// Linked counts the cards that join issues of a project and a repository.
	Linked(ctx context.Context, project, repo string) (int, error)
	Unswept(ctx context.Context, tracker string, containers []string, before time.Time, after string, limit int) ([]store.IssueRow, error)
	Unpaired(ctx context.Context, tracker string, containers []string, after string, limit int) ([]store.IssueRow, error)
	Resident(ctx context.Context, tracker, project, typ, statusID string) (store.IssueRow, bool, error)
}

// historyStore is what is asked about old histories.
type historyStore interface {
	Events(ctx context.Context, card kanban.CardID) ([]kanban.Event, error)
	Unrecorded(ctx context.Context, tracker string, containers []string, after string, limit int) ([]store.IssueRow, error)
	Refused(ctx context.Context, tracker, after string, limit int) ([]store.IssueRow, error)
	Histories(ctx context.Context, tracker string) (store.HistoryTally, error)
}

// trackerStore is what is kept of the trackers themselves.
type trackerStore interface {
	Directory(ctx context.Context, tracker string) (connectors.Directory, time.Time, error)
	SaveDirectory(ctx context.Context, d connectors.Directory, at time.Time) error
	Source(ctx context.Context, tracker, source string) (store.SourceState, error)
	Tier(ctx context.Context, tracker, source, tier string) (store.SourceState, error)
	SaveSource(ctx context.Context, epoch int64, st store.SourceState) error
	// Creating lists the creates that are not resolved or not sent yet.
	Creating(ctx context.Context) ([]mirror.Saga, error)
	NewestKey(ctx context.Context, tracker, container string) (string, error)
	Edges(ctx context.Context, tracker, project, typ string) ([]store.Edge, error)
	PruneEdges(ctx context.Context, before time.Time) (int64, error)
}
