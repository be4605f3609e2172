package connectors

import (
	"context"
	"time"
)

// Talk is what a tracker offers to follow what people say in all issues of a container. All
// methods are safe for concurrent use; every failure is an *Error.
type Talk interface {
	// Said reads the comments that were posted or edited since a cursor, the ones of earlier
	// calls among them where they are that new: whoever reads takes the same comment twice.
	// One call that finds nothing new is one request. A comment that cannot be understood is
	// left out, and what was deleted is never told.
	Said(ctx context.Context, cur TalkCursor) (TalkPage, error)
}

// TalkCursor is how far a container's comments were read.
type TalkCursor struct {
	Container string    `json:"container"`
	Since     time.Time `json:"since"`          // by the tracker's clock
	ETag      string    `json:"etag,omitempty"` // of the last answer, while Since is the same
}

// TalkPage is what Said found.
type TalkPage struct {
	Comments  []Comment // by their last edit; their issues have no ID, because no list tells it
	Next      TalkCursor
	More      bool // there is more already
	Unchanged bool
}
