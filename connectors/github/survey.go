package github

import (
	"context"
	"fmt"
	"slices"
	"strings"

	gogithub "github.com/google/go-github/v60/github"

	"parley/connectors"
	"parley/connectors/transport"
)

// Survey learns whose the credential is. Where the configuration names no repository it
// presents those that the account can push to, the latest first, else the projects that
// the repositories are linked to; a token that may not see projects is shown none. Its
// failures are those of Check.
func Survey(ctx context.Context, c Config) (connectors.Survey, error) {
	client, err := New(c)
	if err != nil {
		return connectors.Survey{}, err
	}
	ctx = transport.Series(ctx)
	s := connectors.Survey{Product: "GitHub"}
	if s.Me, err = client.introduce(ctx); err != nil {
		return s, err
	}
	if len(c.Repos) == 0 {
		s.Places, s.More, err = client.pushable(ctx)
		return s, err
	}
	for _, repo := range c.Repos {
		s.Places = append(s.Places, connectors.Place{Key: repo})
		boards, err := client.boardsOf(ctx, repo)
		if ends(err) {
			return s, err
		}
		for _, b := range boards {
			if !slices.ContainsFunc(s.Boards, func(o connectors.Board) bool { return strings.EqualFold(o.Name, b.Name) }) {
				s.Boards = append(s.Boards, b)
			}
		}
	}
	return s, nil
}

// pushable lists a page of repositories, which is more than anybody chooses from.
func (c *Client) pushable(ctx context.Context) (list []connectors.Place, more bool, err error) {
	q := get("list the repositories", fmt.Sprintf("user/repos?sort=pushed&per_page=%d", pageSize))
	if c.app != nil {
		q = get("list the repositories", fmt.Sprintf("installation/repositories?per_page=%d", pageSize))
	}
	a, err := c.do(ctx, q)
	if err != nil {
		return nil, false, err
	}
	var rows []gogithub.Repository
	if c.app != nil {
		var page struct {
			Repositories []gogithub.Repository `json:"repositories"`
		}
		err, rows = c.decode(q, a, &page), page.Repositories
	} else {
		err = c.decode(q, a, &rows)
	}
	for i := range rows {
		r := &rows[i]
		issues := r.HasIssues == nil || r.GetHasIssues()
		if issues && !r.GetArchived() && checkRepo(r.GetFullName()) == nil && (c.app != nil || r.GetPermissions()["push"]) {
			list = append(list, connectors.Place{Key: r.GetFullName()})
		}
	}
	return list, nextPage(a.Header) != "", err
}

// boardsDocument asks for the projects that a repository is linked to. The first of each
// are enough to propose one.
const boardsDocument = `query($owner:String!,$name:String!){repository(owner:$owner,name:$name){projectsV2(first:10){nodes{
number title closed viewerCanUpdate owner{... on Organization{login} ... on User{login}}
fields(first:50){nodes{... on ProjectV2SingleSelectField{name options{name}}}}}}}}`

func (c *Client) boardsOf(ctx context.Context, repo string) ([]connectors.Board, error) {
	owner, name, _ := strings.Cut(repo, "/")
	var got struct {
		Repository *struct {
			Projects struct {
				Nodes []*wireBoard `json:"nodes"`
			} `json:"projectsV2"`
		} `json:"repository"`
	}
	d := document{doing: "list the projects of " + repo, text: boardsDocument, vars: map[string]any{"owner": owner, "name": name}}
	if _, err := c.graph(ctx, d, &got); err != nil || got.Repository == nil {
		return nil, err
	}
	var out []connectors.Board
	for _, p := range got.Repository.Projects.Nodes {
		if p != nil && !p.Closed {
			out = append(out, p.board())
		}
	}
	return slices.DeleteFunc(out, func(b connectors.Board) bool { return !projectName.MatchString(b.Name) }), nil
}

type wireBoard struct {
	Number   int    `json:"number"`
	Title    string `json:"title"`
	Closed   bool   `json:"closed"`
	Writable bool   `json:"viewerCanUpdate"`
	Owner    struct {
		Login string `json:"login"`
	} `json:"owner"`
	Fields struct {
		Nodes []fieldJSON `json:"nodes"`
	} `json:"fields"`
}

func (b *wireBoard) board() connectors.Board {
	out := connectors.Board{Name: fmt.Sprintf("%s/%d", b.Owner.Login, b.Number), Title: b.Title, Writable: b.Writable}
	for _, f := range b.Fields.Nodes {
		if len(f.Options) > 0 {
			l := f.list()
			out.Fields = append(out.Fields, connectors.OptionField{Holder: "project " + out.Name, Name: l.name, Options: l.names()})
		}
	}
	return out
}
