package web

import (
	"errors"
	"fmt"
	"maps"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"parley/sync/view"
)

// queryOf reads the filters of an address. Unknown ones are let pass: links are
// passed on with whatever mail programs add to them.
func queryOf(v url.Values, limit, most int) (view.Query, error) {
	q := view.Query{
		Unit: v.Get("unit"), Turn: v.Get("turn"), Priority: v.Get("priority"), Class: v.Get("class"), Age: v.Get("age"),
		Planned: v.Get("planned"), Stage: v.Get("stage"), State: v.Get("state"), Assignee: v.Get("assignee"), Epic: v.Get("epic"),
		Project: v.Get("project"), Search: v.Get("search"), Earlier: v.Get("done") == "all",
		After: v.Get("after"), Column: v.Get("column"), Limit: limit,
	}
	if text := v.Get("limit"); text != "" {
		n, err := strconv.Atoi(text)
		if err != nil || n < 1 || n > most {
			return q, fmt.Errorf("limit: %q is not a number from 1 to %d", clip(text), most)
		}
		q.Limit = n
	}
	return q, nil
}

// lenient reads what an address asks for, without the filters whose values cannot be: a page
// that somebody kept shows the board all the same, and tells what was left out.
func lenient(v url.Values, read func(url.Values) error) (leftOut []string, err error) {
	for {
		err = read(v)
		bad, ok := errors.AsType[*view.FilterError](err)
		if !ok || !v.Has(bad.Key) {
			return leftOut, err
		}
		v.Del(bad.Key)
		leftOut = append(leftOut, sentence(bad.Error()))
	}
}

// filterKeys are the names in an address that select cards, in the order in which they
// are told.
func filterKeys() []string {
	return []string{"unit", "turn", "class", "age", "stage", "planned", "state", "priority", "assignee", "project", "epic", "search", "done", "column"}
}

// lookKeys are the names that say how the board is drawn.
func lookKeys() []string { return []string{"group", "density", "fold", "open"} }

// address is where a page is: what it shows, and how.
type address struct {
	path   string
	values url.Values
}

// addressOf keeps what means something to the board, so that links do not grow.
func addressOf(path string, v url.Values) address {
	a := address{path, url.Values{}}
	for _, key := range append(filterKeys(), lookKeys()...) {
		if text := v.Get(key); text != "" {
			a.values.Set(key, text)
		}
	}
	return a
}

// with is the address with one thing changed; "" takes it off.
func (a address) with(key, value string) string {
	values := maps.Clone(a.values)
	values.Del(key)
	if value != "" {
		values.Set(key, value)
	}
	return at(a.path, values)
}

// clear is the address without any filter, drawn the same.
func (a address) clear() string {
	values := url.Values{}
	for _, k := range lookKeys() {
		if v := a.values.Get(k); v != "" {
			values.Set(k, v)
		}
	}
	return at(a.path, values)
}

func at(path string, values url.Values) string {
	if len(values) == 0 {
		return path
	}
	return path + "?" + values.Encode()
}

// list is a value that names several things: a,b.
func (a address) list(key string) []string {
	return slices.DeleteFunc(strings.Split(a.values.Get(key), ","), func(s string) bool { return s == "" })
}

// toggled is the address with a name put onto such a list, or taken off it.
func (a address) toggled(key, name string) string {
	names := a.list(key)
	if slices.Contains(names, name) {
		names = slices.DeleteFunc(names, func(s string) bool { return s == name })
	} else {
		names = append(names, name)
	}
	return a.with(key, strings.Join(names, ","))
}
