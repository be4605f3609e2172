package transfer

import (
	"bytes"
	"encoding/json"
	"math/rand/v2"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"parley/sync/store"
)

// Every value comes back from a backup as it was, also text that is not UTF-8.
func TestCellsKeepValues(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(rt *rapid.T) {
		kind := rapid.SampledFrom([]store.Kind{store.Int, store.Text, store.Bytes}).Draw(rt, "kind")
		var v any
		switch raw := rapid.SliceOf(rapid.Byte()).Draw(rt, "bytes"); kind {
		case store.Int:
			v = rapid.Int64().Draw(rt, "number")
		case store.Text:
			v = string(raw)
		default:
			v = append([]byte{}, raw...)
		}
		text, err := json.Marshal(cell(v))
		if err != nil {
			rt.Fatal(err)
		}
		got, err := value(text, kind)
		if err != nil || !cmp.Equal(v, got) {
			rt.Fatalf("%#v came back as %#v, %v", v, got, err)
		}
	})
}

// Rows that differ have sums that do, also where their values run into each other alike.
func TestSumsTellRowsApart(t *testing.T) {
	t.Parallel()
	table := store.Table{Columns: []store.Column{{Name: "a", Kind: store.Text}, {Name: "b", Kind: store.Text}}}
	seen := map[string]int{}
	for i, rows := range [][][]any{
		{{"ab", "c"}}, {{"a", "bc"}}, {{"", "abc"}}, {{"a", "b"}, {"c", ""}}, {{"ab", []byte("c")}}, {{int64(1), "c"}}, {},
	} {
		s := newSum(table)
		for _, row := range rows {
			if err := s.add(row); err != nil {
				t.Fatal(err)
			}
		}
		sha := s.count(table).SHA
		if other, twice := seen[sha]; twice {
			t.Errorf("rows %d and %d have the same sum", other, i)
		}
		seen[sha] = i
	}
	if err := newSum(table).add([]any{nil, "x"}); err == nil {
		t.Error("a value that no store keeps has a sum")
	}
}

// A backup that was cut off anywhere, or in which any byte is another one, is never taken
// for whole.
func TestDamagedBackupIsRefused(t *testing.T) {
	t.Parallel()
	whole, err := os.ReadFile(newest(t))
	if err != nil {
		t.Fatal(err)
	}
	file := filepath.Join(t.TempDir(), "damaged.backup")
	try := func(what string, text []byte) {
		t.Helper()
		if err := os.WriteFile(file, text, 0o600); err != nil {
			t.Fatal(err)
		}
		if _, err := Verify(file); err == nil {
			t.Errorf("%s: whole", what)
		}
		url := "sqlite:" + filepath.Join(t.TempDir(), "parley.db")
		if err := restore(t, file, url, nil); err == nil {
			t.Errorf("%s: restored", what)
		}
		if _, err := os.Stat(strings.TrimPrefix(url, "sqlite:")); err == nil {
			t.Errorf("%s: something was written before all was read", what)
		}
	}
	try("empty", nil)
	try("no backup", []byte("PK\x03\x04 something else"))
	rng := rand.New(rand.NewPCG(1, 2))
	for range 40 {
		try("cut off", whole[:rng.IntN(len(whole))])
		other := bytes.Clone(whole)
		i := 10 + rng.IntN(len(other)-10) // the header of gzip has bytes that mean nothing
		other[i] ^= 1 << rng.IntN(8)
		try("a bit turned", other)
	}
	try("something behind it", append(bytes.Clone(whole), 'x'))
}
