package postgres

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/jackc/pgx/v5"
)

// Commits ring in one channel of a database; what they say is in which schema.
const (
	ring   = `SELECT pg_notify('parley', current_schema())`
	listen = `LISTEN parley`
	schema = `SELECT current_schema()`
)

// listenAgain is the pause before a connection is replaced that broke.
const listenAgain = time.Second

// Listen calls heard after commits by any process to the store at url, until ctx ends. What
// is committed while the connection is broken rings nothing: whoever listens has to look now
// and then all the same. failed is told why it broke.
func Listen(ctx context.Context, url string, heard func(), failed func(error)) {
	for ctx.Err() == nil {
		if err := hear(ctx, url, heard); err != nil && ctx.Err() == nil {
			failed(fmt.Errorf("listen to the store: %w", err))
		}
		select {
		case <-ctx.Done():
		case <-time.After(listenAgain):
		}
	}
}

func hear(ctx context.Context, url string, heard func()) (err error) {
	config, err := pgx.ParseConfig(url)
	if err != nil {
		return errors.New("not a PostgreSQL address") // the cause can quote a password
	}
	config.RuntimeParams["application_name"] = "parley listener"
	conn, err := pgx.ConnectConfig(ctx, config)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, conn.Close(context.WithoutCancel(ctx))) }()
	var own string
	if err := conn.QueryRow(ctx, schema).Scan(&own); err != nil {
		return err
	}
	if _, err := conn.Exec(ctx, listen); err != nil {
		return err
	}
	heard() // of what was committed before
	for {
		n, err := conn.WaitForNotification(ctx)
		if err != nil {
			return err
		}
		if n.Payload == own {
			heard()
		}
	}
}
