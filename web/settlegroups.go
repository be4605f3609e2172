package web

import (
	"cmp"
	"net/http"
	"slices"
	"strconv"

	"parley/sync/view"
)

// group is conflicts that can be settled together without being ticked.
type group struct {
	Key   string // field and side with a space between
	Name  string
	Count int
}

// groups are all conflicts that can be acted on, then those of each field and side, the
// largest first. There are none where one conflict at most is to be chosen from.
func groups(clashes []view.Clash) []group {
	all, at, out := group{Key: " " + view.AnySide, Name: "all of them"}, map[string]int{}, []group{}
	for _, c := range clashes {
		if !c.Actionable() {
			continue
		}
		all.Count++
		field, side := c.Group()
		key := string(field) + " " + cmp.Or(side, view.AnySide)
		i, ok := at[key]
		if !ok {
			i, at[key] = len(out), len(out)
			out = append(out, group{Key: key, Name: c.GroupName() + ", the other edit " + whereMade(side)})
		}
		out[i].Count++
	}
	if all.Count < 2 {
		return nil
	}
	slices.SortFunc(out, func(a, b group) int { return cmp.Or(cmp.Compare(b.Count, a.Count), cmp.Compare(a.Key, b.Key)) })
	return append([]group{all}, out...)
}

// whereMade says where an edit was made.
func whereMade(side string) string {
	switch side {
	case "":
		return "of unknown origin"
	case "board":
		return "on the board"
	}
	return "in " + product(side)
}

// settledNow is how many conflicts the address says were settled just now.
func settledNow(r *http.Request) int {
	n, err := strconv.Atoi(r.URL.Query().Get("settled"))
	if err != nil || n < 1 || n > mostSettled {
		return 0
	}
	return n
}
