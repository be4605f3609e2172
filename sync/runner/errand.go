package runner

import (
	"context"

	"parley/connectors"
	"parley/sync/engine"
)

// errand is what a request is made for: its class, and the endpoint that it asks, in
// the terms of the requests a tracker offers. A tracker may be tired of either alone.
type errand struct {
	class    connectors.Class
	endpoint string
}

func polling(source string) errand { return errand{connectors.ClassPoll, "poll " + source} }

// rereading is a slow reading: it asks what a poll asks.
func rereading(source string) errand { return errand{connectors.ClassSlow, "poll " + source} }

func linking() errand { return errand{connectors.ClassBackground, "links"} }

func looking() errand { return errand{connectors.ClassCard, "read"} }

func exits() errand { return errand{connectors.ClassCard, "transitions"} }

func directing() errand { return errand{connectors.ClassCard, "directory"} }

func announcing() errand { return errand{connectors.ClassWrite, "link"} }

// errandOf is that of what the engine wants asked.
func errandOf(q engine.Request) errand {
	switch q.Kind {
	case engine.Read:
		return looking()
	case engine.Recount:
		return errand{connectors.ClassCard, "history"}
	case engine.Route:
		return exits()
	case engine.LookUp:
		return errand{connectors.ClassCard, "created"}
	case engine.Create:
		return errand{connectors.ClassWrite, "create"}
	}
	if q.Write.Transition != "" {
		return errand{connectors.ClassWrite, "transition"}
	}
	return errand{connectors.ClassWrite, "edit"}
}

// parts of a tracker that an errand needs: all of it, its class, its endpoint.
func (e errand) parts() []string { return []string{everything, classPart(e.class), e.endpoint} }

// everything is the part that is all of a tracker.
const everything = ""

func classPart(c connectors.Class) string { return "class " + string(c) }

// on marks the requests made with the context as being for the errand.
func (e errand) on(ctx context.Context) context.Context { return connectors.WithClass(ctx, e.class) }
