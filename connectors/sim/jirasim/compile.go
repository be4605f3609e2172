package jirasim

import (
	"slices"
	"strconv"
	"strings"
	"time"
)

// pred decides about one issue.
type pred func(v *Issue) bool

// plan is a query ready to run for one user: what to test, in which order, and
// what narrows it down beforehand.
type plan struct {
	match  pred
	order  []term
	lo, hi time.Time // bounds of updated; zero: open
	ids    []int64   // only these issues can match, where narrow
	narrow bool
}

// compiler turns a query into a plan. It reads the catalog: hold the lock.
type compiler struct {
	site *Site
	user *User
	now  time.Time
	zone *time.Location
}

// plan compiles a query for a user; a query without restriction is refused.
func (s *Site) plan(jql string, u *User) (*plan, *Refusal) {
	q, r := parseJQL(jql)
	if r != nil {
		return nil, r
	}
	if q.where == nil && !s.server() {
		return nil, invalid("Unbounded JQL queries are not allowed here. Add a search restriction to the query.")
	}
	c := &compiler{s, u, s.now(), s.zoneOf(u)}
	out := &plan{order: q.order}
	if q.where == nil {
		out.match = func(*Issue) bool { return true }
		return out, nil
	}
	if out.match, r = c.compile(q.where, false); r != nil {
		return nil, r
	}
	c.narrow(out, q.where)
	return out, nil
}

// compile builds the test of an expression. Negation is pushed down to the
// clauses, because "not (priority = High)" leaves out issues without a priority
// just as "priority != High" does.
func (c *compiler) compile(e *expr, negate bool) (pred, *Refusal) {
	if e.op == "" {
		return c.clause(e.clause, negate)
	}
	if e.op == "not" {
		return c.compile(e.kids[0], !negate)
	}
	tests := make([]pred, len(e.kids))
	for i, kid := range e.kids {
		var r *Refusal
		if tests[i], r = c.compile(kid, negate); r != nil {
			return nil, r
		}
	}
	all := e.op == "and" != negate
	return func(v *Issue) bool {
		for _, t := range tests {
			if t(v) != all {
				return !all
			}
		}
		return all
	}, nil
}

// opposites of the operators, for a negated clause.
var opposites = map[string]string{
	"=": "!=", "!=": "=", "in": "not in", "not in": "in", "is": "is not", "is not": "is",
	"<": ">=", ">=": "<", ">": "<=", "<=": ">", "~": "!~", "!~": "~",
}

func (c *compiler) clause(cl clause, negate bool) (pred, *Refusal) {
	if negate {
		cl.oper = opposites[cl.oper]
	}
	switch cl.field {
	case "updated", "updateddate":
		return c.date(cl, func(v *Issue) time.Time { return v.Updated })
	case "created", "createddate":
		return c.date(cl, func(v *Issue) time.Time { return v.Created })
	case "", "text", "summary", "description":
		return c.text(cl)
	case "key", "issuekey", "issue", "id":
		if strings.ContainsAny(cl.oper, "<>") {
			return c.keyOrder(cl)
		}
	}
	f, ok := c.fields()[cl.field]
	if !ok {
		return nil, invalid("Field '%s' does not exist or you do not have permission to view it.", cl.field)
	}
	return c.set(cl, f)
}

func (c *compiler) date(cl clause, get func(*Issue) time.Time) (pred, *Refusal) {
	if cl.oper == "is" || cl.oper == "is not" {
		has := cl.oper == "is not"
		return func(*Issue) bool { return has }, nil
	}
	if strings.HasSuffix(cl.oper, "in") || strings.HasSuffix(cl.oper, "~") {
		return nil, unsupported(cl)
	}
	at, r := jqlTime(cl.values[0], cl.field, c.now, c.zone)
	if r != nil {
		return nil, r
	}
	at = c.site.grain(at)
	order := func(v *Issue) int { return c.site.grain(get(v)).Compare(at) }
	return func(v *Issue) bool { return holds(cl.oper, order(v)) }, nil
}

func unsupported(cl clause) *Refusal {
	return invalid("The operator '%s' is not supported by the '%s' field.", cl.oper, cl.field)
}

func (c *compiler) text(cl clause) (pred, *Refusal) {
	if !strings.HasSuffix(cl.oper, "~") {
		return nil, unsupported(cl)
	}
	word, want := strings.ToLower(cl.values[0].text), cl.oper == "~"
	return func(v *Issue) bool {
		in := strings.ToLower(v.Summary)
		switch cl.field {
		case "description":
			in = strings.ToLower(v.Description)
		case "", "text":
			in += "\n" + strings.ToLower(v.Description)
		}
		return strings.Contains(in, word) == want
	}, nil
}

// set compiles =, !=, in, not in and is for a field with a set of values.
func (c *compiler) set(cl clause, f setField) (pred, *Refusal) {
	empty := len(cl.values) == 1 && !cl.values[0].quoted && (strings.EqualFold(cl.values[0].text, "empty") || strings.EqualFold(cl.values[0].text, "null"))
	switch cl.oper {
	case "=", "!=", "in", "not in", "is", "is not":
	default:
		return nil, unsupported(cl)
	}
	positive := cl.oper == "=" || cl.oper == "in" || cl.oper == "is"
	if strings.HasPrefix(cl.oper, "is") && !empty {
		return nil, invalid("The operator '%s' can only be used with EMPTY or NULL.", cl.oper)
	}
	if empty {
		return func(v *Issue) bool { return f.empty(v) == positive }, nil
	}
	wanted := map[string]bool{}
	for _, val := range cl.values {
		ids, ok := f.resolve(val)
		if !ok {
			return nil, invalid("The value '%s' does not exist for the field '%s'.", val.text, cl.field)
		}
		for _, id := range ids {
			wanted[id] = true
		}
	}
	return func(v *Issue) bool {
		if f.empty(v) {
			return positive && wanted[""]
		}
		return slices.ContainsFunc(f.get(v), func(id string) bool { return wanted[id] }) == positive
	}, nil
}

// narrow finds what the query's outermost ANDs say about updated and ids.
func (c *compiler) narrow(p *plan, e *expr) {
	if e.op == "and" {
		for _, kid := range e.kids {
			c.narrow(p, kid)
		}
		return
	}
	if e.op != "" {
		return
	}
	switch e.field {
	case "updated", "updateddate":
		c.narrowTime(p, e.clause)
	case "key", "issuekey", "issue", "id":
		if e.oper == "=" || e.oper == "in" {
			c.narrowIDs(p, e.clause)
		}
	}
}

func (c *compiler) narrowTime(p *plan, cl clause) {
	at, r := jqlTime(cl.values[0], cl.field, c.now, c.zone)
	if r != nil {
		return
	}
	at = c.site.grain(at)
	switch cl.oper {
	case ">", ">=", "=":
		if at.After(p.lo) {
			p.lo = at
		}
	}
	if c.site.server() {
		at = at.Add(time.Second - time.Millisecond)
	}
	switch cl.oper {
	case "<", "<=", "=":
		if p.hi.IsZero() || at.Before(p.hi) {
			p.hi = at
		}
	}
}

func (c *compiler) narrowIDs(p *plan, cl clause) {
	var ids []int64
	for _, val := range cl.values {
		if rec := c.site.indexedAs(val.text); rec != nil {
			ids = append(ids, rec.num)
		}
	}
	slices.Sort(ids)
	p.ids, p.narrow = slices.Compact(ids), true
}

// indexedAs resolves a key, former key or id to an issue, dead or alive.
func (s *Site) indexedAs(ref string) *record {
	if n, err := strconv.ParseInt(ref, 10, 64); err == nil {
		return s.issues[n]
	}
	return s.keys[strings.ToUpper(ref)]
}
