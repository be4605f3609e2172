// Package river has any number of processes share the work on one store in PostgreSQL: one
// of them decides and deals out the cards that are due, and River brings each to a process
// that is free. The journal in Parley's own tables is the truth. A job only says "look at
// this card": one that gets lost is dealt again, one that comes twice or late finds the
// card held by another process, or nothing to do.
package river

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"
	queue "github.com/riverqueue/river"
	"github.com/riverqueue/river/riverdriver/riverpgxv5"
	"github.com/riverqueue/river/rivermigrate"
	"github.com/riverqueue/river/rivertype"
	"golang.org/x/sync/errgroup"

	"parley/internal/trace"
	"parley/kanban"
	"parley/sync/runner"
)

// Options is what a Queue needs.
type Options struct {
	URL     string // of the store
	Workers int    // cards that this process works on at once; 0: 16
	Log     *slog.Logger
}

// Queue brings cards that are due to processes that are free. Make it with Open, give its
// Deal to the runner, and run it with that.
type Queue struct {
	Options
	pool   *pgxpool.Pool
	client *queue.Client[pgx.Tx]
	taker  *taker
}

// How River is used. Jobs are short, and what became of one is of no interest to anybody.
const (
	name     = "parley_cards"
	kept     = 10 * time.Minute // how long jobs that are over are kept
	longest  = 10 * time.Minute // of a job; its card's lease ends it long before where its process hangs
	rescue   = 15 * time.Minute // after which River runs a job again whose process died; it was dealt anew by then
	cooldown = 10 * time.Millisecond
	stopping = 5 * time.Second // that jobs under way have to end
	most     = 6               // connections
)

// Open connects to the database and brings River's tables there up to date. Errors never
// show the password.
func Open(ctx context.Context, o Options) (*Queue, error) {
	if o.Workers <= 0 {
		o.Workers = 16
	}
	config, err := pgxpool.ParseConfig(o.URL)
	if err != nil {
		return nil, errors.New("open the queue: not a PostgreSQL address") // the cause can quote a password
	}
	config.MaxConns = most
	config.ConnConfig.RuntimeParams["application_name"] = "parley queue"
	pool, err := pgxpool.NewWithConfig(ctx, config)
	if err != nil {
		return nil, fmt.Errorf("open the queue: %w", err)
	}
	q := &Queue{Options: o, pool: pool, taker: &taker{}}
	if err := q.prepare(ctx); err != nil {
		pool.Close()
		return nil, fmt.Errorf("open the queue: %w", err)
	}
	return q, nil
}

// Close ends all connections.
func (q *Queue) Close() { q.pool.Close() }

func (q *Queue) prepare(ctx context.Context) error {
	if err := q.migrate(ctx); err != nil {
		return err
	}
	workers := queue.NewWorkers()
	if err := queue.AddWorkerSafely(workers, q.taker); err != nil {
		return err
	}
	var err error
	q.client, err = queue.NewClient(riverpgxv5.New(q.pool), &queue.Config{
		Queues:  map[string]queue.QueueConfig{name: {MaxWorkers: q.Workers}},
		Workers: workers, Logger: q.Log, MaxAttempts: 1, FetchCooldown: cooldown,
		JobTimeout: longest, RescueStuckJobsAfter: rescue,
		CompletedJobRetentionPeriod: kept, CancelledJobRetentionPeriod: kept, DiscardedJobRetentionPeriod: kept,
	})
	return err
}

// migrating is the lock of the process that brings River's tables up to date.
const migrating = `SELECT pg_advisory_xact_lock(hashtext('parley queue'), hashtext(current_schema()))`

func (q *Queue) migrate(ctx context.Context) error {
	migrator, err := rivermigrate.New(riverpgxv5.New(q.pool), &rivermigrate.Config{Logger: q.Log})
	if err != nil {
		return err
	}
	return pgx.BeginFunc(ctx, q.pool, func(tx pgx.Tx) error {
		if _, err := tx.Exec(ctx, migrating); err != nil {
			return err
		}
		_, err := migrator.Migrate(ctx, rivermigrate.DirectionUp, nil)
		return err
	})
}

// Run has the runner share the work until ctx ends, which is not an error.
func (q *Queue) Run(ctx context.Context, r *runner.Runner) error {
	q.taker.runner = r
	g, ctx := errgroup.WithContext(ctx)
	g.Go(func() error { return r.Serve(ctx) })
	g.Go(func() error { return q.work(ctx) })
	return g.Wait()
}

// work takes cards until ctx ends; those under way are brought to a step that is stored.
func (q *Queue) work(ctx context.Context) error {
	if err := q.client.Start(context.WithoutCancel(ctx)); err != nil {
		return fmt.Errorf("begin to take cards: %w", err)
	}
	<-ctx.Done()
	stop, cancel := context.WithTimeout(context.WithoutCancel(ctx), stopping)
	defer cancel()
	if err := q.client.StopAndCancel(stop); err != nil {
		q.Log.WarnContext(ctx, "cards were under way at the end; they are looked up by another process", "error", err)
	}
	return nil
}

// Deal offers cards to all processes. It tells of each whether it was not on offer yet.
func (q *Queue) Deal(ctx context.Context, jobs []runner.Job) (fresh []bool, err error) {
	params := make([]queue.InsertManyParams, len(jobs))
	for i, j := range jobs {
		params[i] = queue.InsertManyParams{Args: card{ID: string(j.Card), Term: j.Term, Turn: j.Turn}}
	}
	results, err := q.client.InsertMany(ctx, params)
	if err != nil {
		return nil, err
	}
	fresh = make([]bool, len(jobs))
	for i, r := range results {
		fresh[i] = !r.UniqueSkippedAsDuplicate
	}
	return fresh, nil
}

// card is a job: there is one at a time for each card and turn.
type card struct {
	ID   string `json:"id"`
	Term int64  `json:"term"`
	Turn int    `json:"turn"`
}

// Kind names the jobs.
func (card) Kind() string { return "parley_card" }

// InsertOpts has a job stand beside no other one of the same card and turn that is not over.
func (card) InsertOpts() queue.InsertOpts {
	return queue.InsertOpts{Queue: name, MaxAttempts: 1, UniqueOpts: queue.UniqueOpts{ByArgs: true, ByState: []rivertype.JobState{
		rivertype.JobStateAvailable, rivertype.JobStatePending, rivertype.JobStateRetryable, rivertype.JobStateRunning, rivertype.JobStateScheduled,
	}}}
}

// taker hands jobs to the runner.
type taker struct {
	queue.WorkerDefaults[card]

	runner *runner.Runner
}

// Work takes one card. A failure needs no second try of this job: the card is still due.
func (t *taker) Work(ctx context.Context, job *queue.Job[card]) error {
	ctx, span := trace.Begin(ctx, "job")
	defer span.End()
	span.Text("parley.card", job.Args.ID)
	span.Number("parley.term", int(job.Args.Term))
	span.Number("parley.turn", job.Args.Turn)
	err := t.runner.Take(ctx, runner.Job{Card: kanban.CardID(job.Args.ID), Term: job.Args.Term, Turn: job.Args.Turn})
	if err != nil {
		span.Fail(runner.Failing(err))
	}
	if err != nil && ctx.Err() == nil {
		t.runner.Log.DebugContext(ctx, "a card could not be taken; it stays due", "card", job.Args.ID, "error", err)
	}
	return nil
}
