package app

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"

	"parley/cmd/parley/internal/config"
	"parley/connectors"
	"parley/connectors/mail"
	"parley/connectors/webhook"
	"parley/sync/dispatch"
	"parley/sync/remark"
	"parley/sync/store"
)

// send brings a digest to its receiver, by mail or webhook.
func (p *postman) send(ctx context.Context, d dispatch.Dispatch) dispatch.Answer {
	u, ok := p.addressee(d)
	if !ok {
		return dispatch.Answer{Kind: dispatch.Turned, Problem: "it is not configured any more"}
	}
	var err error
	if d.Channel == dispatch.Hook {
		err = p.hook(u).Send(ctx, "digest", d.ID, d.Body)
	} else {
		err = p.mail(ctx, d)
	}
	return answerOf(err)
}

// answerOf says what is known of a digest after a failure, or none.
func answerOf(err error) dispatch.Answer {
	if err == nil {
		return dispatch.Answer{Kind: dispatch.Taken}
	}
	e, ok := errors.AsType[*connectors.Error](err)
	if !ok {
		return dispatch.Answer{Kind: dispatch.Turned, Problem: err.Error()}
	}
	a := dispatch.Answer{Kind: dispatch.Failed, Problem: e.Tracker + ": " + e.Message, RetryAt: e.RetryAt}
	if e.Status != 0 {
		a.Problem = strings.TrimSuffix(fmt.Sprintf("%s: HTTP %d: %s", e.Tracker, e.Status, e.Message), ": ")
	}
	switch e.Kind {
	case connectors.Invalid:
		a.Kind = dispatch.Turned
	case connectors.Unknown:
		a.Kind = dispatch.Unclear
	}
	return a
}

// addressee is the unit whose configuration still names the receiver of a dispatch.
func (a *App) addressee(d dispatch.Dispatch) (config.Unit, bool) {
	for _, u := range a.Config.Unit {
		if u.Key != string(d.Unit) {
			continue
		}
		switch d.Channel {
		case dispatch.Comment:
			return u, u.Digest.JiraIssue != ""
		case dispatch.Hook:
			return u, u.Digest.Webhook.Set()
		default:
			return u, slices.ContainsFunc(u.Digest.Email, func(to string) bool { return strings.EqualFold(to, d.To) })
		}
	}
	return config.Unit{}, false
}

func (a *App) mail(ctx context.Context, d dispatch.Dispatch) error {
	is, err := read(d)
	if err != nil {
		return err
	}
	page, err := is.HTML()
	if err != nil {
		return err
	}
	return mailServer(a.Config.SMTP).Send(ctx, mail.Letter{ID: d.ID, To: d.To, Subject: is.Subject(), Text: is.Letter(), HTML: page, Date: d.Made})
}

func mailServer(s config.SMTP) mail.Server {
	return mail.Server{Host: s.Host, Port: s.Port, Security: mail.Security(s.TLS), User: s.User, Password: s.Password.Reveal(), From: s.From}
}

func (o Options) hook(u config.Unit) webhook.Hook {
	return webhook.Hook{URL: u.Digest.Webhook.Reveal(), Secret: u.Digest.Secret.Reveal(), Agent: "parley/" + o.Version, Base: o.Base, Now: o.now}
}

// comment asks for the digest as a comment, which goes on by steps of its own, and tells
// how far it is.
func (p *postman) comment(ctx context.Context, d dispatch.Dispatch) dispatch.Answer {
	if _, ok := p.addressee(d); !ok {
		return dispatch.Answer{Kind: dispatch.Turned, Problem: "it is not configured any more"}
	}
	key, c, err := p.commentOf(ctx, d)
	if errors.Is(err, store.ErrUnknown) {
		var w remark.Wish
		if w, err = p.commentWish(ctx, d, key); err == nil {
			c, err = p.Runner.Comment(ctx, w)
		}
	}
	if err != nil {
		return dispatch.Answer{Kind: dispatch.Delayed, Problem: err.Error()}
	}
	switch state := c.State(); {
	case c.Retract && c.ID() == "":
		return dispatch.Answer{Kind: dispatch.Turned, Problem: "the comment was taken back before it was posted"}
	case state == remark.Posted || state == remark.Vanished || state == remark.Deleted:
		return dispatch.Answer{Kind: dispatch.Taken}
	case state == remark.Refused:
		return dispatch.Answer{Kind: dispatch.Turned, Problem: c.Problem}
	case state == remark.Held:
		return dispatch.Answer{Kind: dispatch.Paused, Problem: c.Problem}
	default:
		return dispatch.Answer{Kind: dispatch.Delayed, Problem: c.Problem}
	}
}

// commentOf is the comment of a digest with its key; store.ErrUnknown where none was asked
// for. One that was given up before it was posted is over: a person who has the digest sent
// after all gets another.
func (p *postman) commentOf(ctx context.Context, d dispatch.Dispatch) (key string, c remark.Remark, err error) {
	key = d.Digest
	if c, err = p.Runner.CommentOf(ctx, key); err == nil && d.Asked && c.Retract && c.ID() == "" {
		key += "/again"
		c, err = p.Runner.CommentOf(ctx, key)
	}
	return key, c, err
}

// commentWish is the digest as a comment on the issue that is configured.
func (p *postman) commentWish(ctx context.Context, d dispatch.Dispatch, key string) (remark.Wish, error) {
	rows, err := p.Store.IssueByKey(ctx, d.To)
	if err != nil {
		return remark.Wish{}, err
	}
	i := slices.IndexFunc(rows, func(r store.IssueRow) bool {
		return slices.ContainsFunc(p.Config.Jira, func(j config.Jira) bool { return j.Name == r.Tracker })
	})
	if i < 0 {
		return remark.Wish{}, fmt.Errorf("%s was not read yet; look whether there is such an issue, and whether the account may see it", d.To)
	}
	is, err := read(d)
	if err != nil {
		return remark.Wish{}, err
	}
	row := rows[i]
	w := remark.Wish{Key: key, Issue: connectors.Ref{Tracker: row.Tracker, ID: row.ID, Key: row.Key, Container: row.Container}, Body: is.Text(),
		Reason: "the digest of the contract with " + is.Name + " for " + is.Period}
	if is.Page != "" {
		w.Links = []connectors.Link{{URL: is.Page, Title: "The contract's page"}}
	}
	return w, nil
}

// drop sees to it that a comment that was never sent is not sent any more.
func (p *postman) drop(ctx context.Context, d dispatch.Dispatch) error {
	if d.Channel != dispatch.Comment {
		return nil
	}
	key, c, err := p.commentOf(ctx, d)
	if errors.Is(err, store.ErrUnknown) {
		return nil
	}
	if err != nil {
		return err
	}
	if s := c.State(); s == remark.Held || s == remark.Waiting {
		_, err = p.Runner.WithdrawComment(ctx, key)
	}
	return err
}
