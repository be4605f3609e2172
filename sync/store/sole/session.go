package sole

import (
	"context"
	"errors"
	"time"

	"github.com/jackc/pgx/v5"
)

// patience is how long a server may take to answer about a lock.
const patience = 5 * time.Second

// session is a connection of its own to PostgreSQL that holds an advisory lock. The
// server gives the lock back when the connection ends.
type session struct{ *pgx.Conn }

// One lock for each schema of a database: advisory locks are a database's.
const (
	tryLock   = `SELECT pg_try_advisory_lock(hashtext('parley run'), hashtext(current_schema()))`
	unlock    = `SELECT pg_advisory_unlock(hashtext('parley run'), hashtext(current_schema()))`
	keepAlive = "30" // seconds; a holder whose machine vanished is gone after a minute or so
)

func lockSession(ctx context.Context, url string) (lock, error) {
	ctx, cancel := context.WithTimeout(ctx, patience)
	defer cancel()
	conn, err := connectAs(ctx, url, "parley lock")
	if err != nil {
		return nil, err
	}
	var taken bool
	err = conn.QueryRow(ctx, tryLock).Scan(&taken)
	if err == nil && taken {
		return session{conn}, nil
	}
	return nil, errors.Join(err, conn.Close(ctx))
}

// connectAs opens a connection whose end the server notices also where the machine vanished.
func connectAs(ctx context.Context, url, name string) (*pgx.Conn, error) {
	config, err := pgx.ParseConfig(url)
	if err != nil {
		return nil, errors.New("not a PostgreSQL address") // the cause can quote a password
	}
	config.RuntimeParams["application_name"] = name
	config.RuntimeParams["tcp_keepalives_idle"] = keepAlive
	return pgx.ConnectConfig(ctx, config)
}

// stands asks the server: a connection that broke took the lock with it.
func (s session) stands(ctx context.Context) bool {
	ctx, cancel := context.WithTimeout(ctx, patience)
	defer cancel()
	return s.Ping(ctx) == nil
}

// Close gives the lock back and ends the connection. The server takes its time to end one,
// and the lock would stand until then; where it cannot be given back first it goes that way.
func (s session) Close() error {
	ctx, cancel := context.WithTimeout(context.Background(), patience)
	defer cancel()
	if !s.IsClosed() {
		_, _ = s.Exec(ctx, unlock)
	}
	return s.Conn.Close(ctx)
}
