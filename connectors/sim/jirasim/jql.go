package jirasim

import (
	"strings"
)

// query is parsed JQL. A nil where restricts nothing.
type query struct {
	where *expr
	order []term
}

// term is one field of ORDER BY.
type term struct {
	field string
	desc  bool
}

// expr is a node of the restriction: "and", "or", "not" over kids, or a clause.
type expr struct {
	op   string
	kids []*expr
	clause
}

// clause restricts one field. Operators are lower case: = != < <= > >= ~ !~ in
// "not in" is "is not"; a bare text search has no field.
type clause struct {
	field  string
	oper   string
	values []value
}

// value is an operand: a word, a quoted text, or a function call.
type value struct {
	text   string
	quoted bool
	call   bool
}

type parser struct {
	toks []token
	pos  int
}

// parseJQL reads the subset of JQL that the simulator understands and refuses
// everything else.
func parseJQL(jql string) (*query, *Refusal) {
	toks, r := lex(jql)
	if r != nil {
		return nil, r
	}
	p := &parser{toks: toks}
	q := &query{}
	if t := p.peek(); t.kind != tokEnd && !t.is("order") {
		if q.where, r = p.or(); r != nil {
			return nil, r
		}
	}
	if q.order, r = p.orderBy(); r != nil {
		return nil, r
	}
	if t := p.peek(); t.kind != tokEnd {
		return nil, unexpected(t, "AND, OR or ORDER BY")
	}
	return q, nil
}

func (p *parser) peek() token { return p.toks[p.pos] }

func (p *parser) next() token {
	t := p.toks[p.pos]
	if t.kind != tokEnd {
		p.pos++
	}
	return t
}

// accept takes the next token if it is the keyword.
func (p *parser) accept(keyword string) bool {
	if p.peek().is(keyword) {
		p.pos++
		return true
	}
	return false
}

func unexpected(t token, want string) *Refusal {
	if t.kind == tokEnd {
		return jqlError("Expecting %s before the end of the query. (line 1, character %d)", want, t.at)
	}
	return jqlError("Expecting %s but got '%s'. (line 1, character %d)", want, t.text, t.at)
}

func (p *parser) or() (*expr, *Refusal) { return p.chain("or", p.and) }

func (p *parser) and() (*expr, *Refusal) { return p.chain("and", p.not) }

// chain reads one or more parts joined by a keyword.
func (p *parser) chain(op string, part func() (*expr, *Refusal)) (*expr, *Refusal) {
	first, r := part()
	if r != nil || !p.peek().is(op) {
		return first, r
	}
	out := &expr{op: op, kids: []*expr{first}}
	for p.accept(op) {
		more, r := part()
		if r != nil {
			return nil, r
		}
		out.kids = append(out.kids, more)
	}
	return out, nil
}

func (p *parser) not() (*expr, *Refusal) {
	if t := p.peek(); p.accept("not") || t.kind == tokOperator && t.text == "!" && p.next().text == "!" {
		kid, r := p.not()
		if r != nil {
			return nil, r
		}
		return &expr{op: "not", kids: []*expr{kid}}, nil
	}
	if p.peek().kind != tokOpen {
		return p.clause()
	}
	p.next()
	inner, r := p.or()
	if r != nil {
		return nil, r
	}
	if t := p.next(); t.kind != tokClose {
		return nil, unexpected(t, "')'")
	}
	return inner, nil
}

func (p *parser) clause() (*expr, *Refusal) {
	t := p.next()
	if t.kind != tokWord && t.kind != tokString {
		return nil, unexpected(t, "a field name")
	}
	if p.endsClause() {
		return &expr{clause: clause{oper: "~", values: []value{{text: t.text}}}}, nil
	}
	c := clause{field: strings.ToLower(t.text)}
	var r *Refusal
	if c.oper, r = p.operator(); r != nil {
		return nil, r
	}
	if strings.HasSuffix(c.oper, "in") {
		c.values, r = p.list()
	} else {
		c.values = make([]value, 1)
		c.values[0], r = p.value()
	}
	return &expr{clause: c}, r
}

// endsClause reports whether a lone word stands here, which searches all text.
func (p *parser) endsClause() bool {
	t := p.peek()
	return t.kind == tokEnd || t.kind == tokClose || t.is("and") || t.is("or") || t.is("order")
}

func (p *parser) operator() (string, *Refusal) {
	t := p.next()
	switch {
	case t.kind == tokOperator && t.text != "!":
		return t.text, nil
	case t.is("in"):
		return "in", nil
	case t.is("not") && p.accept("in"):
		return "not in", nil
	case t.is("is") && p.accept("not"):
		return "is not", nil
	case t.is("is"):
		return "is", nil
	}
	return "", unexpected(t, "an operator (=, !=, <, >, <=, >=, ~, !~, IN, NOT IN, IS or IS NOT)")
}

func (p *parser) list() ([]value, *Refusal) {
	if t := p.next(); t.kind != tokOpen {
		return nil, unexpected(t, "'('")
	}
	var out []value
	for {
		v, r := p.value()
		if r != nil {
			return nil, r
		}
		out = append(out, v)
		switch t := p.next(); t.kind {
		case tokClose:
			return out, nil
		case tokComma:
		default:
			return nil, unexpected(t, "',' or ')'")
		}
	}
}

func (p *parser) value() (value, *Refusal) {
	t := p.next()
	if t.kind == tokString {
		return value{text: t.text, quoted: true}, nil
	}
	if t.kind != tokWord || t.is("and") || t.is("or") || t.is("not") || t.is("order") {
		return value{}, unexpected(t, "a value or a function")
	}
	if p.peek().kind != tokOpen {
		return value{text: t.text}, nil
	}
	p.next()
	if c := p.next(); c.kind != tokClose {
		return value{}, jqlError("Function '%s' takes no arguments here. (line 1, character %d)", t.text, c.at)
	}
	return value{text: strings.ToLower(t.text), call: true}, nil
}

// maxOrder is how many fields ORDER BY may have.
const maxOrder = 7

func (p *parser) orderBy() ([]term, *Refusal) {
	if !p.accept("order") {
		return nil, nil
	}
	if !p.accept("by") {
		return nil, unexpected(p.peek(), "BY")
	}
	var out []term
	for {
		t := p.next()
		if t.kind != tokWord && t.kind != tokString {
			return nil, unexpected(t, "a field name")
		}
		field, ok := sortFields[strings.ToLower(t.text)]
		if !ok {
			return nil, invalid("Field '%s' does not exist or you do not have permission to view it.", t.text)
		}
		desc := p.accept("desc")
		if !desc {
			p.accept("asc")
		}
		out = append(out, term{field, desc})
		if p.peek().kind != tokComma {
			break
		}
		p.next()
	}
	if len(out) > maxOrder {
		return nil, invalid("The query has more than %d ORDER BY fields.", maxOrder)
	}
	return out, nil
}

// sortFields are the fields of ORDER BY by every name they go under.
var sortFields = map[string]string{
	"updated": "updated", "updateddate": "updated", "created": "created", "createddate": "created",
	"key": "key", "issuekey": "key", "issue": "key", "id": "id", "priority": "priority",
}
