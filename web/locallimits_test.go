package web

import "testing"

// A board that only its own machine reaches does not keep programs waiting that a board
// for many would, and its streams are nobody else's.
func TestOnesOwnMachineMayBeQuick(t *testing.T) {
	t.Parallel()
	all, own := DefaultLimits(), LocalLimits()
	if own.Reads.PerSecond <= all.Reads.PerSecond || own.Intents.Burst <= all.Intents.Burst || own.OwnStreams != own.Streams {
		t.Errorf("%+v beside %+v", own, all)
	}
	if own.SignIns != all.SignIns || own.Streams > all.Streams {
		t.Error("what strangers could use up has grown")
	}
}
