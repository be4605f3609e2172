package sole

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"time"

	"github.com/jackc/pgx/v5"
)

// Peers tells which processes on a store in PostgreSQL live: each holds a lock under its
// own name, which the server gives back when its connection ends. It is safe for
// concurrent use.
type Peers struct {
	url, owner string
	mu         sync.Mutex
	conn       *pgx.Conn
	locked     bool // by conn; a connection that broke may keep the lock for a while
}

// NewPeers makes the peers of the process that is known as owner, on the store at url.
// Nothing is asked before the first call.
func NewPeers(url, owner string) *Peers { return &Peers{url: url, owner: owner} }

// One lock for each process and schema. A name that has the same number as another one
// only makes a dead process look as if it lived: its leases run out by themselves.
const (
	tryPeer = `SELECT pg_try_advisory_lock(hashtext('parley process ' || $1), hashtext(current_schema()))`
	isFree  = `SELECT NOT EXISTS (SELECT FROM pg_locks WHERE locktype = 'advisory' AND granted AND objsubid = 2
		AND database = (SELECT oid FROM pg_database WHERE datname = current_database())
		AND classid::bigint = hashtext('parley process ' || $1)::bigint & 4294967295
		AND objid::bigint = hashtext(current_schema())::bigint & 4294967295)`
)

// Here shows to others that this process lives, until it does not or Close is called. A
// connection that broke is replaced.
func (p *Peers) Here(ctx context.Context) error {
	return p.ask(ctx, func(context.Context, *pgx.Conn) error { return nil })
}

// Gone reports whether the process that is known as owner does not live any more, or has
// never said that it does.
func (p *Peers) Gone(ctx context.Context, owner string) (gone bool, err error) {
	err = p.ask(ctx, func(ctx context.Context, c *pgx.Conn) error { return c.QueryRow(ctx, isFree, owner).Scan(&gone) })
	return gone, err
}

// Now is the time by the server's clock.
func (p *Peers) Now(ctx context.Context) (now time.Time, err error) {
	err = p.ask(ctx, func(ctx context.Context, c *pgx.Conn) error {
		return c.QueryRow(ctx, `SELECT clock_timestamp()`).Scan(&now)
	})
	return now, err
}

// Close tells that this process ends.
func (p *Peers) Close() error {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.conn == nil {
		return nil
	}
	ctx, cancel := context.WithTimeout(context.Background(), patience)
	defer cancel()
	err := p.conn.Close(ctx)
	p.conn = nil
	return err
}

// ask asks the server over the connection that holds the lock. One that does not answer
// is given up, and with it the lock.
func (p *Peers) ask(ctx context.Context, question func(context.Context, *pgx.Conn) error) error {
	ctx, cancel := context.WithTimeout(ctx, patience)
	defer cancel()
	p.mu.Lock()
	defer p.mu.Unlock()
	err := p.connect(ctx)
	if err == nil {
		if err = p.conn.Ping(ctx); err == nil {
			err = question(ctx, p.conn)
		}
	}
	if err != nil && p.conn != nil {
		err = errors.Join(err, p.conn.Close(ctx))
		p.conn = nil
	}
	if err != nil {
		return fmt.Errorf("ask the store who lives: %w", err)
	}
	return nil
}

func (p *Peers) connect(ctx context.Context) error {
	if p.conn == nil {
		conn, err := connectAs(ctx, p.url, "parley process")
		if err != nil {
			return err
		}
		p.conn, p.locked = conn, false
	}
	if p.locked {
		return nil
	}
	return p.conn.QueryRow(ctx, tryPeer, p.owner).Scan(&p.locked)
}
