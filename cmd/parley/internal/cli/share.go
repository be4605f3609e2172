package cli

import (
	"context"
	"fmt"
	"io"
	"slices"
	"text/tabwriter"
	"time"

	"parley/cmd/parley/internal/app"
	"parley/sync/view"
	"parley/web/signin"
)

type shareCommand struct {
	Audience string `help:"What the link shows: wall, or unit:KEY." placeholder:"AUDIENCE" xor:"what"`
	Days     int    `help:"How long it is good for." default:"90"`
	Name     string `help:"Where it hangs or who gets it, for the list." placeholder:"TEXT"`
	List     bool   `help:"List the links that were made." xor:"what"`
	Revoke   string `help:"Take a link back." placeholder:"ID" xor:"what"`
	JSON     bool   `help:"Print one JSON document." name:"json"`
}

// mostDays is the longest that a link is made for.
const mostDays = 366

// Run makes a link, lists the links, or takes one back.
func (c shareCommand) Run(ctx context.Context, s *session) (err error) {
	if c.Audience == "" && !c.List && c.Revoke == "" {
		return misused{"parley share needs --audience wall or unit:KEY, --list, or --revoke ID"}
	}
	if c.Days < 1 || c.Days > mostDays {
		return misused{fmt.Sprintf("--days %d: a link is good for 1 to %d days", c.Days, mostDays)}
	}
	a, err := s.openStored(ctx)
	if err != nil {
		return err
	}
	defer closing(a, &err)
	switch {
	case c.List:
		return c.list(ctx, s, a)
	case c.Revoke != "":
		return c.revoke(ctx, s, a)
	}
	return c.share(ctx, s, a)
}

func (c shareCommand) share(ctx context.Context, s *session, a *app.App) error {
	audience, err := audienceOf(a, c.Audience)
	if err != nil {
		return err
	}
	if audience != view.AudienceWall && audience.Unit() == "" {
		return misused{fmt.Sprintf("a link is for a wall or a business unit; who sees the board as %q signs in", audience)}
	}
	link, address, err := a.Links().Share(ctx, audience, c.Name, a.Now().AddDate(0, 0, c.Days))
	if err != nil {
		return err
	}
	if a.Config.Server.Auth == "none" {
		fmt.Fprintln(s.Err, `parley: with server.auth = "none" whoever reaches the board sees all of it, with or without a link`)
	}
	if c.JSON {
		return printJSON(s.Out, struct {
			URL string `json:"url"`
			signin.Link
		}{address, link})
	}
	fmt.Fprintf(s.Err, "read only, as %s, until %s; parley share --revoke %s takes it back\n", audience, link.Until.In(a.Zone()).Format(time.DateOnly), link.ID)
	_, err = fmt.Fprintln(s.Out, address)
	return err
}

func (c shareCommand) list(ctx context.Context, s *session, a *app.App) error {
	links, err := a.Links().List(ctx)
	if err != nil {
		return err
	}
	if c.JSON {
		return printJSON(s.Out, map[string]any{"links": links})
	}
	if len(links) == 0 {
		_, err := fmt.Fprintln(s.Out, "No links were made.")
		return err
	}
	return printLinks(s.Out, links, a)
}

func printLinks(w io.Writer, links []signin.Link, a *app.App) error {
	t := tabwriter.NewWriter(w, 0, 0, 2, ' ', 0)
	fmt.Fprintln(t, "ID\tAUDIENCE\tSTATE\tUNTIL\tNAME")
	for _, l := range links {
		fmt.Fprintf(t, "%s\t%s\t%s\t%s\t%s\n", l.ID, l.Audience, l.State(a.Now()), l.Until.In(a.Zone()).Format(time.DateOnly), plain(l.Name))
	}
	return t.Flush()
}

func (c shareCommand) revoke(ctx context.Context, s *session, a *app.App) error {
	was, err := a.Links().List(ctx)
	if err != nil {
		return err
	}
	link, ok, err := a.Links().Revoke(ctx, c.Revoke)
	if err != nil {
		return err
	}
	if !ok {
		return fmt.Errorf("there is no link %.40q; parley share --list names them", c.Revoke)
	}
	if c.JSON {
		return printJSON(s.Out, link)
	}
	said := "any more"
	if slices.ContainsFunc(was, func(l signin.Link) bool { return l.ID == link.ID && !l.Revoked.IsZero() }) {
		said = "already: it was taken back on " + link.Revoked.In(a.Zone()).Format(time.DateOnly)
	}
	_, err = fmt.Fprintf(s.Out, "link %s opens nothing %s\n", link.ID, said)
	return err
}
