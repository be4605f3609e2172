package simulate

import (
	"fmt"

	"parley/kanban"
	"parley/mapping"
	"parley/sync/simulate/world"
)

// randomMapping draws a board: two to seven columns, some of which share the statuses
// of another, some with several statuses or labels of their own. Every column can be
// shown on both sides. Whether it is lawful is for the mapping's own check to say.
func randomMapping(d *dice) mapping.Config {
	c := world.Board()
	c.Columns = nil
	c.Pairs = []mapping.PairConfig{{Jira: world.Project, GitHub: world.Repo}}
	n := 2 + d.below(6)
	for i := range n {
		key := fmt.Sprintf("c%d", i)
		col := mapping.ColumnConfig{Key: key, Category: kanban.Active}
		switch {
		case i == 0:
			col.Category, col.GitHub = kanban.Option, []string{"open"}
		case i == n-1:
			col.Category, col.GitHub = kanban.Done, []string{"closed:completed"}
			if d.one(2) {
				col.GitHub = append(col.GitHub, "closed:not_planned", "closed:duplicate")
			}
		default:
			col.GitHub = []string{"open + label:status:" + key}
			if d.one(3) {
				col.GitHub = append(col.GitHub, "open + label:status:"+key+"-too")
			}
		}
		if i > 1 && i < n-1 && d.one(3) {
			col.Jira = []string{fmt.Sprintf("same:c%d", i-1)}
			if len(c.Columns[i-1].Jira) == 1 && c.Columns[i-1].Jira[0][0] == 's' {
				col.Jira = []string{"S" + key}
			}
		} else {
			col.Jira = []string{"S" + key}
			if d.one(3) {
				col.Jira = append(col.Jira, "T"+key)
			}
		}
		c.Columns = append(c.Columns, col)
	}
	return c
}
