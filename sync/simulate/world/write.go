package world

import (
	"time"

	"parley/connectors"
)

// outcome is what a write came to.
type outcome struct {
	receipt connectors.Receipt
	err     error
}

// perform lets a write take effect as its fault has it, and gives what the sender gets
// to know of it.
func (q *request) perform(effect func() outcome) (connectors.Receipt, error) {
	if q.fault == Delayed {
		q.delay(effect)
		return connectors.Receipt{}, q.fail(connectors.Unknown, 0, "no answer in time")
	}
	out := effect()
	if q.fault == Twice {
		q.again(effect)
	}
	if err := q.lost(); err != nil {
		return connectors.Receipt{}, err
	}
	if q.fault == CutBody {
		out.receipt = connectors.Receipt{}
	}
	return out.receipt, out.err
}

// delay lets the effect land after the answer was given up.
func (q *request) delay(effect func() outcome) {
	w := q.h.w
	w.after(upTo(q.struck(), HorizonWrite), func() {
		if effect().err == nil {
			w.count("late effect")
		}
	})
}

// again lets the request arrive a second time, a little later.
func (q *request) again(effect func() outcome) {
	q.h.w.after(upTo(q.struck(), 30*time.Second), func() { effect() })
}

// make lets a create take effect as its fault has it.
func (q *request) make(effect func() (*issue, error)) (connectors.Issue, error) {
	if err := q.refused(); err != nil {
		return connectors.Issue{}, err
	}
	if q.fault == Delayed {
		q.delay(func() outcome {
			_, err := effect()
			return outcome{err: err}
		})
		return connectors.Issue{}, q.fail(connectors.Unknown, 0, "no answer in time")
	}
	i, err := effect()
	if q.fault == Twice && q.h.w.opts.Swarm.TwinCreate {
		q.h.w.after(upTo(q.struck(), HorizonWrite), func() { _, _ = effect() })
	}
	if lost := q.lost(); lost != nil {
		err = lost
	}
	if err != nil {
		return connectors.Issue{}, err
	}
	if q.fault == CutBody { // the head of the answer said yes, but not what it is called
		return connectors.Issue{}, q.fail(connectors.Unknown, 201, "the answer broke off")
	}
	return i.show(i.now().state), nil
}
