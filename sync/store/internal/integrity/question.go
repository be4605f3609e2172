package integrity

import (
	"parley/kanban"
	"parley/sync/challenge"
)

// Question is one row of the questions that IT put to the business.
type Question struct {
	ID   string
	Card kanban.CardID // as it is stored
	Open bool
	Doc  challenge.Question
	Bad  error
}

// Question looks at a question.
func (c *Check) Question(r Question) {
	switch {
	case r.Bad != nil:
		c.Sayf("question %q cannot be read (%v), so that it is carried no further; "+restore, r.ID, r.Bad)
	case r.Doc.ID != r.ID:
		c.Sayf("question %q says of itself that it is %q; "+restore, r.ID, r.Doc.ID)
	case !c.cards[r.Card]:
		c.Sayf("question %q is about card %s, which does not exist; "+restore, r.ID, r.Card)
	case r.Open == r.Doc.Forgotten():
		c.Sayf("question %q is filed as open: %v, but is %s; "+restore, r.ID, r.Open, r.Doc.Stage())
	}
}
