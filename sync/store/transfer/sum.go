package transfer

import (
	"context"
	"crypto/sha256"
	"encoding/binary"
	"encoding/hex"
	"fmt"
	"hash"

	"parley/sync/store"
)

// Count is what a table holds: its rows, and a checksum of all of them.
type Count struct {
	Table string `json:"table"`
	Rows  int64  `json:"rows"`
	SHA   string `json:"sha256"`
}

// sum adds up the rows of a table in the order of their keys. Two stores whose sums agree
// hold the same, whatever their engines are.
type sum struct {
	h    hash.Hash
	buf  []byte
	rows int64
}

func newSum(t store.Table) *sum {
	s := &sum{h: sha256.New()}
	for _, c := range t.Columns {
		s.buf = binary.AppendUvarint(s.buf, uint64(len(c.Name)))
		s.buf = append(s.buf, c.Name...)
	}
	_, _ = s.h.Write(s.buf) // a hash takes everything
	return s
}

// add takes a row in. Every value says its kind and its length, so that no two rows look
// alike.
func (s *sum) add(row []any) error {
	s.buf = s.buf[:0]
	for _, v := range row {
		switch v := v.(type) {
		case int64:
			s.buf = binary.BigEndian.AppendUint64(append(s.buf, 'i'), uint64(v))
		case string:
			s.buf = binary.AppendUvarint(append(s.buf, 't'), uint64(len(v)))
			s.buf = append(s.buf, v...)
		case []byte:
			s.buf = binary.AppendUvarint(append(s.buf, 'b'), uint64(len(v)))
			s.buf = append(s.buf, v...)
		default:
			return fmt.Errorf("a value of the kind %T, which no store keeps", v)
		}
	}
	s.rows++
	_, err := s.h.Write(s.buf)
	return err
}

func (s *sum) count(t store.Table) Count {
	return Count{Table: t.Name, Rows: s.rows, SHA: hex.EncodeToString(s.h.Sum(nil))}
}

// tableLease holds what is true of a running daemon only, and is not compared.
const tableLease = "lease"

// own are rows that tell of the store they are in, and not of what it holds: they stay
// behind.
func own(t store.Table, row []any) bool {
	if t.Name != "setting" {
		return false
	}
	name := row[t.At("name")]
	return name == store.SettingClosed || name == settingArrived
}

// census counts all tables as they are in one picture. tell hears of each.
func census(ctx context.Context, r store.Rows, tables []store.Table, tell func(table string, rows int64)) ([]Count, error) {
	var all []Count
	for _, t := range tables {
		if t.Name == tableLease {
			continue
		}
		s := newSum(t)
		err := r.Each(ctx, t, nil, 0, func(row []any) error {
			if own(t, row) {
				return nil
			}
			return s.add(row)
		})
		if err != nil {
			return nil, fmt.Errorf("count table %s: %w", t.Name, err)
		}
		all = append(all, s.count(t))
		tell("checksum of "+t.Name, s.rows)
	}
	return all, nil
}

// differ names the first table that is not the same, "" where all are.
func differ(a, b []Count) string {
	if len(a) != len(b) {
		return "the list of tables"
	}
	for i := range a {
		if a[i] != b[i] {
			return a[i].Table
		}
	}
	return ""
}
