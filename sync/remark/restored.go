package remark

import (
	"time"

	"parley/sync/mirror"
)

// Restored is what a backup makes of a comment: it may have been posted, changed or deleted
// since the backup was made. What is there is looked up before anything is sent.
func Restored(r Remark, made, now time.Time) Remark {
	if !r.Open() {
		return r
	}
	r.Post = mirror.Restored(r.Post, made, now)
	if r.Change.State == mirror.Sending {
		r.Change.State, r.Change.NextAt = mirror.Unknown, now
	}
	r.Change.Checked = false
	return r
}
