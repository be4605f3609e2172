package dispatch

import (
	"time"

	"parley/kanban"
)

// Restored is what a backup makes of a dispatch: it may have been sent between the moment at
// which the backup was made and now. A mail is not sent a second time by itself; what may be
// repeated goes on.
func Restored(d Dispatch, made, now time.Time) Dispatch {
	if !d.State.Open() || d.Channel.repeats() {
		return d
	}
	return d.end(Unknown, "it may have been sent after the backup of "+kanban.Moment(made, nil)+
		" was made, from which the store was restored; it is not repeated by itself", now)
}
