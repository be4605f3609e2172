package jirasim

import "strconv"

// category is one of the four status categories.
type category struct {
	id               int
	key, color, name string
	plain            string // as statuses/search says it
}

var categories = [...]category{
	{1, CategoryNone, "medium-gray", "No Category", ""},
	{2, CategoryToDo, "blue-gray", "To Do", "TODO"},
	{4, CategoryInProgress, "yellow", "In Progress", "IN_PROGRESS"},
	{3, CategoryDone, "green", "Done", "DONE"},
}

func (c category) text() string { return strconv.Itoa(c.id) }

func categoryByKey(key string) category {
	for _, c := range categories {
		if c.key == key {
			return c
		}
	}
	return categories[0]
}
