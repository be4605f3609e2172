package connectors

import "context"

// Class says what a request is made for, and with it who goes without first where a
// tracker's quota runs short.
type Class string

// The classes, from the one that is the first to wait to the ones that never do but for
// the reserve that is left to people.
const (
	ClassBackground Class = "background" // what nobody waits for: remote links, old history
	ClassSlow       Class = "slow"       // the slow readings, which find what polls have missed
	ClassPoll       Class = "poll"       // what changed since the last poll
	ClassCard       Class = "card"       // reads for a write that is owed, or for a person
	ClassWrite      Class = "write"      // changes
)

// Classes are all of them, the first to wait first.
func Classes() []Class {
	return []Class{ClassBackground, ClassSlow, ClassPoll, ClassCard, ClassWrite}
}

type classKey struct{}

// WithClass marks the requests that are made with the context as being of a class.
func WithClass(ctx context.Context, c Class) context.Context {
	return context.WithValue(ctx, classKey{}, c)
}

// ClassOf is the class of the requests made with the context; one that nobody has marked
// is a card's.
func ClassOf(ctx context.Context) Class {
	if c, ok := ctx.Value(classKey{}).(Class); ok {
		return c
	}
	return ClassCard
}
