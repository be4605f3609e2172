package githubsim

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"maps"
	"net/http"
	"slices"
	"strings"

	"github.com/vektah/gqlparser/v2"
	"github.com/vektah/gqlparser/v2/ast"
	"github.com/vektah/gqlparser/v2/gqlerror"
	"github.com/vektah/gqlparser/v2/parser"
	"github.com/vektah/gqlparser/v2/validator"
	"github.com/vektah/gqlparser/v2/validator/rules"
)

// asksGraph reports whether a path is that of the GraphQL endpoint.
func asksGraph(path string) bool {
	path = strings.TrimSuffix(path, "/")
	return path == "/graphql" || path == "/api/graphql"
}

// changesSomething reports whether a request could: a GraphQL query does not, though it
// is sent by POST.
func changesSomething(r *http.Request) bool {
	if r.Method == http.MethodGet || r.Method == http.MethodHead {
		return false
	}
	if !asksGraph(r.URL.Path) {
		return true
	}
	body, _ := io.ReadAll(io.LimitReader(r.Body, maxBody))
	r.Body = io.NopCloser(io.MultiReader(bytes.NewReader(body), r.Body))
	return mutates(body)
}

func (c *call) changesSomething() bool {
	if c.resource() == resourceGraph {
		return mutates(c.body)
	}
	return c.writes()
}

// mutates reports whether a request to the GraphQL endpoint holds a mutation, or nothing
// that can be read.
func mutates(body []byte) bool {
	var in graphRequest
	if json.Unmarshal(body, &in) != nil {
		return true
	}
	doc, err := parser.ParseQuery(&ast.Source{Input: in.Query})
	if err != nil {
		return true
	}
	for _, op := range doc.Operations {
		if op.Operation == ast.Mutation {
			return true
		}
	}
	return false
}

type graphRequest struct {
	Query     string         `json:"query"`
	Variables map[string]any `json:"variables"`
	Operation string         `json:"operationName"`
}

// graphError is one entry of errors, beside what could be answered.
type graphError struct {
	Type      string          `json:"type,omitempty"` // NOT_FOUND, FORBIDDEN, INSUFFICIENT_SCOPES, RATE_LIMITED, …
	Path      []any           `json:"path,omitempty"`
	Locations []graphLocation `json:"locations,omitempty"`
	Extension map[string]any  `json:"extensions,omitempty"`
	Message   string          `json:"message"`
}

type graphLocation struct {
	Line   int `json:"line"`
	Column int `json:"column"`
}

// Error is GitHub's message.
func (e *graphError) Error() string { return e.Message }

func graphFail(kind, format string, args ...any) error {
	return &graphError{Type: kind, Message: fmt.Sprintf(format, args...)}
}

// graphQL answers a document. Whatever is wrong with it is told in a 200.
func graphQL(c *call) (answer, error) {
	if c.user == nil {
		return answer{}, refuse(http.StatusUnauthorized, "This endpoint requires you to be authenticated.")
	}
	var in graphRequest
	if json.Unmarshal(c.body, &in) != nil {
		return answer{}, refuse(http.StatusBadRequest, "Problems parsing JSON")
	}
	if in.Query == "" {
		return failing(&graphError{Message: "A query attribute must be specified and must be a string."})
	}
	doc, errs := gqlparser.LoadQueryWithRules(c.w.graph(), in.Query, rules.NewDefaultRules())
	if errs != nil {
		return failing(invalidDocument(errs)...)
	}
	op := doc.Operations.ForName(in.Operation)
	if op == nil {
		return failing(&graphError{Message: "An operation name is required"})
	}
	vars, err := validator.VariableValues(c.w.schema, op, in.Variables)
	if err != nil {
		return failing(&graphError{Message: err.Error()})
	}
	return c.execute(op, vars)
}

// failing is an answer without data.
func failing(errs ...*graphError) (answer, error) {
	return answer{status: http.StatusOK, body: map[string]any{"errors": errs}}, nil
}

func invalidDocument(errs gqlerror.List) []*graphError {
	var out []*graphError
	for _, e := range errs {
		g := &graphError{Message: e.Message, Extension: map[string]any{"code": e.Rule}}
		for _, l := range e.Locations {
			g.Locations = append(g.Locations, graphLocation{l.Line, l.Column})
		}
		out = append(out, g)
	}
	return out
}

// execute carries out an operation within what its caller has left.
func (c *call) execute(op *ast.OperationDefinition, vars map[string]any) (answer, error) {
	x := &graphRun{call: c, vars: vars}
	connections := x.weigh(op.SelectionSet, 1)
	c.points = max((connections+50)/100, 1)
	window := c.w.limits.window(c)
	if window.enforced && window.used+c.points > window.limit {
		c.free = true
		return failing(&graphError{Type: "RATE_LIMITED", Message: fmt.Sprintf("API rate limit exceeded for user ID %d.", c.user.ID)})
	}
	if x.nodes > maxNodes {
		x.fail(nil, graphFail("MAX_NODE_LIMIT_EXCEEDED", "This query requests up to %d possible nodes which exceeds the maximum limit of 500,000.", x.nodes))
	}
	if len(x.errors) > 0 {
		return failing(x.errors...)
	}
	root := x.query()
	if op.Operation == ast.Mutation {
		root = x.mutation()
	}
	body := map[string]any{"data": x.object(root, op.SelectionSet, nil)}
	if len(x.errors) > 0 {
		body["errors"] = x.errors
	}
	return answer{status: http.StatusOK, body: body}, nil
}

// maxNodes is how many nodes one document may ask for.
const maxNodes = 500_000

// graphRun is a document while it is carried out.
type graphRun struct {
	*call
	vars   map[string]any
	errors []*graphError
	nodes  int
}

// graphObject is an object as its fields are asked for. A field that is not there is
// null.
type graphObject struct {
	kind   string
	fields map[string]func(args map[string]any) (any, error)
}

func (x *graphRun) fail(path []any, err error) {
	g := &graphError{Message: "Something went wrong while executing your query."}
	if known, ok := errors.AsType[*graphError](err); ok {
		g = known
	}
	told := *g
	told.Path = path
	x.errors = append(x.errors, &told)
}

// weigh counts the connections that a selection asks for, and the nodes of them.
func (x *graphRun) weigh(set ast.SelectionSet, times int) int {
	n := 0
	for _, s := range set {
		switch s := s.(type) {
		case *ast.InlineFragment:
			n += x.weigh(s.SelectionSet, times)
		case *ast.FragmentSpread:
			n += x.weigh(s.Definition.SelectionSet, times)
		case *ast.Field:
			n += x.weighField(s, times)
		}
	}
	return n
}

func (x *graphRun) weighField(f *ast.Field, times int) int {
	args := f.ArgumentMap(x.vars)
	if ids, ok := args["ids"].([]any); ok {
		x.nodes += len(ids)
		return x.weigh(f.SelectionSet, times*len(ids))
	}
	if f.Definition.Arguments.ForName("first") == nil {
		return x.weigh(f.SelectionSet, times)
	}
	first := whole(args["first"])
	switch {
	case args["first"] == nil:
		x.fail([]any{f.Alias}, graphFail("MISSING_PAGINATION_BOUNDARIES", "You must provide a `first` or `last` value to properly paginate the `%s` connection.", f.Name))
	case first < 1 || first > 100:
		x.fail([]any{f.Alias}, graphFail("EXCESSIVE_PAGINATION", "Requesting %d records on the `%s` connection exceeds the `first` limit of 100 records.", first, f.Name))
		first = 1
	}
	x.nodes += times * first
	return times + x.weigh(f.SelectionSet, times*max(first, 1))
}

// whole reads a number of a document or of its variables.
func whole(v any) int {
	switch n := v.(type) {
	case int64:
		return int(n)
	case float64:
		return int(n)
	case int:
		return n
	case json.Number:
		i, _ := n.Int64() // no number is 0
		return int(i)
	}
	return 0
}

// object answers a selection of an object.
func (x *graphRun) object(o *graphObject, set ast.SelectionSet, path []any) map[string]any {
	out := map[string]any{}
	for _, s := range set {
		switch s := s.(type) {
		case *ast.InlineFragment:
			x.fragment(out, o, s.TypeCondition, s.SelectionSet, path)
		case *ast.FragmentSpread:
			x.fragment(out, o, s.Definition.TypeCondition, s.Definition.SelectionSet, path)
		case *ast.Field:
			out[s.Alias] = x.field(o, s, append(slices.Clip(path), s.Alias))
		}
	}
	return out
}

// fragment adds a selection where it is of the object's type.
func (x *graphRun) fragment(out map[string]any, o *graphObject, of string, set ast.SelectionSet, path []any) {
	applies := of == "" || of == o.kind
	for _, t := range x.w.schema.PossibleTypes[of] {
		applies = applies || t.Name == o.kind
	}
	if !applies {
		return
	}
	maps.Copy(out, x.object(o, set, path))
}

func (x *graphRun) field(o *graphObject, f *ast.Field, path []any) any {
	if f.Name == "__typename" {
		return o.kind
	}
	do := o.fields[f.Name]
	if do == nil {
		return nil
	}
	v, err := do(f.ArgumentMap(x.vars))
	if err != nil {
		x.fail(path, err)
		return nil
	}
	return x.value(v, f.SelectionSet, path)
}

func (x *graphRun) value(v any, set ast.SelectionSet, path []any) any {
	switch v := v.(type) {
	case *graphObject:
		if v == nil {
			return nil
		}
		return x.object(v, set, path)
	case []*graphObject:
		out := make([]any, 0, len(v))
		for i, o := range v {
			out = append(out, x.value(o, set, append(slices.Clip(path), i)))
		}
		return out
	}
	return v
}
