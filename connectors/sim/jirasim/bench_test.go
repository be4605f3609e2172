package jirasim_test

import (
	"bytes"
	"fmt"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"parley/connectors/sim"
	"parley/connectors/sim/jirasim"
)

const big = 30000

func BenchmarkLoad(b *testing.B) {
	text := manyIssues(big)
	b.ReportAllocs()
	b.SetBytes(int64(len(text)))
	for b.Loop() {
		if err := jirasim.New(jirasim.Options{}).LoadJSON(bytes.NewReader(text)); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkSearch(b *testing.B) {
	s := jirasim.New(jirasim.Options{Clock: sim.NewManual(start)})
	if err := s.LoadJSON(bytes.NewReader(manyIssues(big))); err != nil {
		b.Fatal(err)
	}
	s.AddUser(jirasim.User{Email: "b", Token: "b"})
	handler := s.Handler()
	for name, body := range map[string]string{
		"idle poll": jql(fmt.Sprintf("project = BIG AND updated >= %d ORDER BY updated ASC", start.Add(-time.Second).UnixMilli()), `,"fields":["status"],"maxResults":100`),
		"full page": jql("project = BIG AND updated >= 0 ORDER BY updated ASC", `,"fields":["summary","status","priority","labels","updated"],"maxResults":100`),
		"id sweep":  jql("project = BIG ORDER BY updated DESC", `,"maxResults":5000`),
		"sorted":    jql("project = BIG ORDER BY key ASC", `,"maxResults":100`),
	} {
		b.Run(name, func(b *testing.B) {
			for b.Loop() {
				r := httptest.NewRequest("POST", "/rest/api/3/search/jql", strings.NewReader(body))
				r.Header.Set("Content-Type", "application/json")
				r.SetBasicAuth("b", "b")
				rec := httptest.NewRecorder()
				handler.ServeHTTP(rec, r)
				if rec.Code != 200 {
					b.Fatal(rec.Body)
				}
			}
		})
	}
}
