package remark_test

import (
	"testing"
	"time"

	"parley/sync/mirror"
	"parley/sync/remark"
)

// After a restoring a comment is looked for before it is posted, and read before it is
// changed, though both had been done before the backup.
func TestRestoredLooksBeforeItWrites(t *testing.T) {
	t.Parallel()
	made := time.Date(2026, 11, 23, 9, 0, 0, 0, time.UTC)
	now := made.Add(time.Hour)
	m := remark.Machine{Machine: mirror.Machine{Keys: [][]byte{[]byte("k")}, Late: time.Minute, Visible: time.Minute}, Write: true}
	waiting := remark.Remark{Key: "q", Sought: true, Version: 1, Post: mirror.Saga{State: mirror.Planned, Mark: "m"}}
	if _, ask, _ := m.Next(remark.Restored(waiting, made, now), now); ask == nil || ask.Kind != remark.LookUp || ask.Search.Since.After(made) {
		t.Errorf("one that was to be posted asks for %+v", ask)
	}
	edit := remark.Remark{Key: "q", Version: 2, Written: 1, Post: mirror.Saga{State: mirror.Done, Issue: "5"}, Change: remark.Change{Checked: true}}
	for _, state := range []mirror.State{"", mirror.Sending} {
		edit.Change.State = state
		if _, ask, _ := m.Next(remark.Restored(edit, made, now), now); ask == nil || ask.Kind != remark.Read {
			t.Errorf("one that was to be changed (%q) asks for %+v", state, ask)
		}
	}
	posted := remark.Remark{Key: "q", Version: 1, Written: 1, Post: mirror.Saga{State: mirror.Done, Issue: "5"}}
	if got := remark.Restored(posted, made, now); got.Post.State != mirror.Done {
		t.Errorf("one that is there became %+v", got.Post)
	}
}
