package transfer

import (
	"os"
	"path/filepath"
	"testing"
)

// benchStore is the store that PARLEY_STORE names, a SQLite one that is left as it is, or a
// small one.
func benchStore(b *testing.B) string {
	b.Helper()
	url := os.Getenv("PARLEY_STORE")
	if url == "" {
		url = "sqlite:" + filepath.Join(b.TempDir(), "small.db")
		if _, err := (Restore{File: "testdata/schema/00011.backup", To: url, Now: now, Tell: func(string, int64) {}}).Run(b.Context()); err != nil {
			b.Fatal(err)
		}
	}
	return url
}

// BenchmarkBackup writes a backup, BenchmarkRestore brings it into an empty store of each
// engine, BenchmarkMove moves the restored SQLite store into PostgreSQL and back. All tell
// rows a second.
func BenchmarkBackup(b *testing.B) {
	url, file, rows := benchStore(b), filepath.Join(b.TempDir(), "a.backup"), int64(0)
	for b.Loop() {
		m, err := Backup(b.Context(), url, file, "bench", now())
		if err != nil {
			b.Fatal(err)
		}
		rows += total(m.Tables)
	}
	b.ReportMetric(float64(rows)/b.Elapsed().Seconds(), "rows/s")
	if info, err := os.Stat(file); err == nil {
		b.ReportMetric(float64(info.Size()), "bytes")
	}
}

func BenchmarkRestore(b *testing.B) {
	file := filepath.Join(b.TempDir(), "a.backup")
	if _, err := Backup(b.Context(), benchStore(b), file, "bench", now()); err != nil {
		b.Fatal(err)
	}
	for name, empty := range map[string]func(*testing.B) string{
		"sqlite":   func(b *testing.B) string { b.Helper(); return "sqlite:" + filepath.Join(b.TempDir(), "parley.db") },
		"postgres": func(b *testing.B) string { b.Helper(); return server.Schema(b) },
	} {
		b.Run(name, func(b *testing.B) {
			rows := int64(0)
			for b.Loop() {
				m, err := Restore{File: file, To: empty(b), Now: now, Tell: func(string, int64) {}}.Run(b.Context())
				if err != nil {
					b.Fatal(err)
				}
				rows += total(m.Tables)
			}
			b.ReportMetric(float64(rows)/b.Elapsed().Seconds(), "rows/s")
		})
	}
}

func BenchmarkMove(b *testing.B) {
	file, first := filepath.Join(b.TempDir(), "a.backup"), "sqlite:"+filepath.Join(b.TempDir(), "first.db")
	if _, err := Backup(b.Context(), benchStore(b), file, "bench", now()); err != nil {
		b.Fatal(err)
	}
	if _, err := (Restore{File: file, To: first, Now: now, Tell: func(string, int64) {}}).Run(b.Context()); err != nil {
		b.Fatal(err)
	}
	second := server.Schema(b)
	b.Run("sqlite-postgres", func(b *testing.B) { moved(b, first, second) })
	b.Run("postgres-sqlite", func(b *testing.B) { moved(b, second, "sqlite:"+filepath.Join(b.TempDir(), "third.db")) })
}

// moved moves once, and then only tells that it was moved.
func moved(b *testing.B, from, to string) {
	b.Helper()
	rows := int64(0)
	for b.Loop() {
		if rows > 0 {
			continue
		}
		counts, err := move(from, to).Run(b.Context())
		if err != nil {
			b.Fatal(err)
		}
		rows = total(counts)
	}
	b.ReportMetric(float64(rows)/b.Elapsed().Seconds(), "rows/s")
}

func total(counts []Count) (rows int64) {
	for _, c := range counts {
		rows += c.Rows
	}
	return rows
}
