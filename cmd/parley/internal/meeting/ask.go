package meeting

import (
	"context"
	"log/slog"

	"parley/cmd/parley/internal/demo"
	"parley/sync/view"
)

// Challenge is one question of a developer that goes to the requester's Jira and whose answer
// comes back, both by comments.
type Challenge struct {
	Views  *view.Views
	People *demo.Colleagues
	Log    *slog.Logger // of what does not go as it should, at debug level

	asked    *demo.Question
	answered bool
}

// Run takes the question along until its answer is back, or ctx ends.
func (c *Challenge) Run(ctx context.Context) {
	walk(ctx, c.Log, "an answer", c.Step)
}

// Step does the next thing, by what stands in the trackers now. done says that the answer
// stands in GitHub.
func (c *Challenge) Step(ctx context.Context) (done bool, err error) {
	switch whole, err := c.Views.Complete(ctx); {
	case err != nil || !whole:
		return false, err
	case c.asked == nil:
		return false, c.ask()
	case c.answered:
		return c.People.Returned(*c.asked), nil
	case c.People.Arrived(*c.asked):
		err := c.People.Answer(*c.asked)
		c.answered = err == nil
		return false, err
	}
	return false, nil
}

// ask asks about a request of the first unit that has one in work.
func (c *Challenge) ask() error {
	for _, unit := range []string{"risk", "finance", "trading"} {
		q, err := c.People.Ask(unit)
		if found, err := found("", err); found || err != nil {
			if err == nil {
				c.asked = &q
			}
			return err
		}
	}
	return nil
}
