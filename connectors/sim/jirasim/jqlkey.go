package jirasim

import (
	"cmp"
	"strconv"
	"strings"
)

// keyOrder compiles <, <=, > and >= of keys: they compare numbers within the project
// of the key, which has to exist.
func (c *compiler) keyOrder(cl clause) (pred, *Refusal) {
	rec := c.site.indexedAs(cl.values[0].text)
	if rec == nil || rec.current == nil {
		return nil, invalid("An issue with key '%s' does not exist for field '%s'.", cl.values[0].text, cl.field)
	}
	project, number := cutKey(rec.current.Key)
	return func(v *Issue) bool {
		p, n := cutKey(v.Key)
		return p == project && holds(cl.oper, cmp.Compare(n, number))
	}, nil
}

// cutKey is the project and the number of a key.
func cutKey(key string) (project string, number int64) {
	project, digits, _ := strings.Cut(key, "-")
	number, _ = strconv.ParseInt(digits, 10, 64)
	return project, number
}

// holds reports whether an operator holds for two values that compare so.
func holds(oper string, order int) bool {
	switch oper {
	case "=":
		return order == 0
	case "!=":
		return order != 0
	case "<":
		return order < 0
	case "<=":
		return order <= 0
	case ">":
		return order > 0
	}
	return order >= 0
}
