package connectors

import "context"

// HistoryPage is a part of the histories of several issues.
type HistoryPage struct {
	Entries []Entry  // of whichever issue each names; of one issue ascending by Seq
	Next    string   // token of the following page; "" at the end
	Broken  []Broken // issues with an entry here that could not be understood
}

// Historian is what a tracker offers beyond Tracker that tells the histories of many
// issues in one request.
type Historian interface {
	// Histories reads the histories of some issues, MaxHistories at most, from the page that
	// token names ("" is the first) of the same issues. Every entry that changed what Parley
	// carries or counts is there; one that changed nothing of that may be missing, as is an
	// issue that cannot be seen or has no such entry. ok is false where the product has no
	// such request: History tells of each issue then.
	Histories(ctx context.Context, refs []Ref, token string) (page HistoryPage, ok bool, err error)
}

// MaxHistories is the most issues that Histories is asked about at once.
const MaxHistories = 1000
