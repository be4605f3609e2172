package integrity

import "parley/sync/dispatch"

// Dispatch is one row of the digests on their way.
type Dispatch struct {
	ID, Digest string // as it is stored
	Open       bool
	Doc        dispatch.Dispatch
	Bad        error
}

// Dispatch looks at a digest on its way to one receiver.
func (c *Check) Dispatch(d Dispatch) {
	switch {
	case d.Bad != nil:
		c.Sayf("dispatch %q cannot be read (%v), so that it is never sent, or twice; "+restore, d.ID, d.Bad)
	case d.Doc.ID != d.ID:
		c.Sayf("dispatch %q says of itself that it is %q; "+restore, d.ID, d.Doc.ID)
	case d.Doc.Digest != d.Digest:
		c.Sayf("dispatch %q is filed under %q, but is of %q; "+restore, d.ID, d.Digest, d.Doc.Digest)
	case d.Doc.State.Open() != d.Open:
		c.Sayf("dispatch %q is filed as open: %v, but is %s; "+restore, d.ID, d.Open, d.Doc.State)
	}
}
