package kanban

import (
	"strings"
	"testing"
	"time"
)

func TestArrived(t *testing.T) {
	t.Parallel()
	board := Layout{Columns: []Column{
		{Key: "requests", Category: Option}, {Key: "committed", Category: Queue}, {Key: "doing", Category: Active},
		{Key: "waiting", Category: Wait}, {Key: "review", Category: Active}, {Key: "done", Category: Done},
	}}
	begun := time.Date(2026, 11, 4, 8, 0, 0, 0, time.UTC)
	for way, want := range map[string]int{ // the step that it arrived by, 0: none
		"":                                        0,
		"requests":                                0,
		"requests committed doing":                0,
		"requests doing":                          1,
		"requests doing done":                     1,
		"requests doing committed doing":          1, // what was begun goes back into the queue
		"requests waiting doing":                  2,
		"requests waiting committed doing":        0,
		"requests done doing":                     2, // ended before it was begun, and taken up again
		"requests doing done review":              1,
		"requests gone doing":                     2, // a column that there is no more
		"doing":                                   0, // met there
		"doing review":                            0,
		"committed doing":                         0,
		"requests doing requests":                 0, // a request again, like any other
		"requests doing requests committed doing": 0,
		"requests committed doing requests doing": 4,
		"doing requests doing":                    2,
	} {
		var steps []Step
		for n, column := range strings.Fields(way) {
			steps = append(steps, Step{Column: ColumnKey(column), At: begun.Add(time.Duration(n) * time.Hour)})
		}
		at, ok := Arrived(steps, board)
		if ok != (want > 0) || ok && !at.Equal(begun.Add(time.Duration(want)*time.Hour)) {
			t.Errorf("%q: %v at %s, want step %d", way, ok, at, want)
		}
		queueless := Layout{Columns: []Column{board.Columns[0], board.Columns[2], board.Columns[5]}}
		if _, ok := Arrived(steps, queueless); ok {
			t.Errorf("%q arrives where nothing is ever committed to", way)
		}
	}
}
