package mapping

import (
	"fmt"
	"slices"
	"strings"

	"parley/kanban"
)

// compileLimits takes in how much work in progress units, classes of service and people
// should have. Those of columns stand with the columns.
func (b *builder) compileLimits() {
	add := func(scope kanban.Scope, key, name string, wip int, hard bool) {
		if wip > 0 {
			b.rules.layout.Limits = append(b.rules.layout.Limits, kanban.Limit{Scope: scope, Key: key, Name: name, WIP: wip, Hard: hard})
		}
	}
	for i, u := range b.config.Units {
		b.limit(fmt.Sprintf("unit[%d]", i), "wip_hard", "unit "+quote(u.Key), u.WIP, u.Hard)
		add(kanban.ScopeUnit, u.Key, or(u.Name, u.Key), u.WIP, u.Hard)
	}
	at := map[string]string{} // class → path
	for i, l := range b.config.Limits {
		path := fmt.Sprintf("limit[%d]", i)
		b.classLimit(path, l, at)
		add(kanban.ScopeClass, l.Class, title(l.Class), l.WIP, l.Hard)
	}
	for i, p := range b.config.Persons {
		b.limit(fmt.Sprintf("person[%d]", i), "wip_hard", p.Name, p.WIP, p.Hard)
		add(kanban.ScopePerson, p.Name, p.Name, p.WIP, p.Hard)
	}
}

// limit checks one limit that may be left out. whose says in words what it limits.
func (b *builder) limit(path, hardKey, whose string, wip int, hard bool) {
	switch {
	case wip < 0:
		b.errorf(path+".wip", "0 means no limit", "%s has a negative WIP limit", whose)
	case wip == 0 && hard:
		b.warnf(path+"."+hardKey, "write wip = NUMBER beside it", "%s has no WIP limit that could be hard", whose)
	}
}

// limitOfEnded warns of a limit on what is no work in progress any more: finished cards
// only grow in number, and a hard limit would one day let nothing be finished.
func (b *builder) limitOfEnded(path string, c ColumnConfig) {
	if c.WIP <= 0 || !c.Category.Ended() {
		return
	}
	follows := "it will be over its limit for good"
	if c.WIPHard {
		follows = "once it is full, nothing can be moved there on the board"
	}
	b.warnf(path+".wip", "take wip out, or limit the column before it", "column %s has a WIP limit, but in the category %s cards have ended and stay: %s", quote(c.Key), c.Category, follows)
}

// classLimit checks the limit of a class of service, which has nothing but its limit.
func (b *builder) classLimit(path string, l LimitConfig, at map[string]string) {
	switch also := at[l.Class]; {
	case !slices.Contains(Classes(), l.Class):
		b.errorf(path+".class", or(meant(l.Class, Classes()), "it is one of "+strings.Join(Classes(), ", ")), "there is no class of service %s", quote(l.Class))
	case also != "":
		b.twicef(path+".class", also+".class", "keep one", "there are two limits of the class %s", quote(l.Class))
	default:
		at[l.Class] = path
	}
	if l.WIP < 1 {
		b.errorf(path+".wip", "write the most cards of the class that may be in work, at least 1", "the limit says no number")
	}
}

// title is a class of service as a sentence begins with it.
func title(class string) string {
	if class == "" {
		return ""
	}
	return strings.ToUpper(class[:1]) + strings.ReplaceAll(class[1:], "-", " ")
}
