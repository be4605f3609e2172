package mapping

import (
	"fmt"
	"regexp"

	"parley/kanban"
)

var keyForm = regexp.MustCompile(`^[a-z][a-z0-9-]*$`)

// ValidKey reports whether s can be the key of a column, priority or unit.
func ValidKey(s string) bool { return keyForm.MatchString(s) }

func (b *builder) compileLayout() {
	keys := b.newKeys("column")
	for i, c := range b.config.Columns {
		path := fmt.Sprintf("column[%d]", i)
		keys.take(path, c.Key)
		b.rules.layout.Columns = append(b.rules.layout.Columns, b.column(path, c))
	}
	keys = b.newKeys("priority")
	for i, p := range b.config.Priorities {
		keys.take(fmt.Sprintf("priority[%d]", i), p.Key)
		b.rules.layout.Priorities = append(b.rules.layout.Priorities,
			kanban.Priority{Key: kanban.PriorityKey(p.Key), Name: or(p.Name, p.Key), Rank: i + 1})
	}
	keys = b.newKeys("unit")
	for i, u := range b.config.Units {
		keys.take(fmt.Sprintf("unit[%d]", i), u.Key)
	}
	b.compileLimits()
}

func (b *builder) column(path string, c ColumnConfig) kanban.Column {
	if !c.Category.Valid() {
		b.errorf(path+".category", or(meant(string(c.Category), categories()), "it is one of option, queue, active, wait, done, cancelled"),
			"column %s has no category %s", quote(c.Key), quote(string(c.Category)))
	}
	turn := c.Turn
	switch turn {
	case "":
		turn = usualTurn(c.Category)
	case kanban.Business, kanban.IT, kanban.Nobody:
	default:
		b.errorf(path+".turn", "it is one of business, it, none", "column %s has the turn %s", quote(c.Key), quote(string(turn)))
	}
	b.limit(path, "wip_hard", fmt.Sprintf("column %s", quote(c.Key)), c.WIP, c.WIPHard)
	b.limitOfEnded(path, c)
	return kanban.Column{Key: kanban.ColumnKey(c.Key), Name: or(c.Name, c.Key), Category: c.Category,
		Turn: turn, WIP: c.WIP, WIPHard: c.WIPHard}
}

// usualTurn is whose move it is in a column that does not say so.
func usualTurn(c kanban.Category) kanban.Party {
	switch c {
	case kanban.Option, kanban.Wait:
		return kanban.Business
	case kanban.Queue, kanban.Active:
		return kanban.IT
	}
	return kanban.Nobody
}

func categories() []string {
	var names []string
	for _, c := range []kanban.Category{kanban.Option, kanban.Queue, kanban.Active, kanban.Wait, kanban.Done, kanban.Cancelled} {
		names = append(names, string(c))
	}
	return names
}

// keySet sees to it that the keys of one kind are well formed and not repeated.
type keySet struct {
	b    *builder
	kind string
	at   map[string]string // key → path
}

func (b *builder) newKeys(kind string) *keySet {
	return &keySet{b: b, kind: kind, at: map[string]string{}}
}

func (k *keySet) take(path, key string) {
	switch at, twice := k.at[key]; {
	case !ValidKey(key):
		k.b.errorf(path+".key", "a key is a small letter, then small letters, digits and hyphens",
			"%s is not a key", quote(key))
	case reserved(k.kind, key):
		k.b.errorf(path+".key", "choose another", "the key %s has a meaning of its own", quote(key))
	case twice:
		k.b.twicef(path+".key", at+".key", "", "there are two of the %s %s", k.kind, quote(key))
	default:
		k.at[key] = path
	}
}

func reserved(kind, key string) bool {
	return kind == "column" && key == "unmapped" || kind == "unit" && key == string(kanban.UnitUnassigned)
}

func or(s, otherwise string) string {
	if s == "" {
		return otherwise
	}
	return s
}
