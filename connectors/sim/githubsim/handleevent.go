package githubsim

import (
	"cmp"
	"net/http"
	"slices"
	"strconv"
)

func eventRoutes(on add) {
	on("GET", "issues/events", "/issues/events#list-issue-events-for-a-repository", repoEvents)
	on("GET", "issues/events/*", "/issues/events#get-an-issue-event", getEvent)
	on("GET", "issues/*/events", "/issues/events#list-issue-events", issueEvents)
	on("GET", "issues/*/timeline", "/issues/timeline#list-timeline-events-for-an-issue", timeline)
}

// repoEvents is the feed of a repository, newest first.
func repoEvents(c *call) (answer, error) {
	all := fed(c.rp.feed.all(), c.now, c.w.opts.FeedLag)
	p := c.paging()
	if p.page > 1 && p.page*p.per > maxRows {
		return answer{}, refuse(http.StatusUnprocessableEntity, "In order to keep the API fast for everyone, pagination is limited for this resource.")
	}
	from, to := p.bounds(len(all))
	out := make([]*eventJSON, 0, to-from)
	for i := from; i < to; i++ {
		out = append(out, c.event(all[len(all)-1-i], true))
	}
	_, link := page(c, all)
	return answer{status: http.StatusOK, body: out, link: link}, nil
}

func getEvent(c *call) (answer, error) {
	id, err := strconv.ParseInt(c.args[0], 10, 64)
	if err == nil {
		if e := c.rp.feed.find(id); e != nil {
			return answer{status: http.StatusOK, body: c.event(e, true)}, nil
		}
	}
	return answer{}, refuse(http.StatusNotFound, "Not Found")
}

// issueEvents is the history of one issue, oldest first.
func issueEvents(c *call) (answer, error) {
	is, err := c.issue()
	if err != nil {
		return answer{}, err
	}
	list, link := page(c, fed(is.events, c.now, c.w.opts.ReadLag))
	out := make([]*eventJSON, 0, len(list))
	for _, e := range list {
		out = append(out, c.event(e, false))
	}
	return answer{status: http.StatusOK, body: out, link: link}, nil
}

// moment is an event or a comment in a timeline.
type moment struct {
	event   *event
	comment *comment
}

func (m moment) place() int64 {
	if m.event != nil {
		return m.event.id
	}
	return m.comment.place
}

func timeline(c *call) (answer, error) {
	is, err := c.issue()
	if err != nil {
		return answer{}, err
	}
	var all []moment
	for _, e := range is.events {
		all = append(all, moment{event: e})
	}
	for _, e := range is.asides {
		all = append(all, moment{event: e})
	}
	for _, m := range is.comments {
		all = append(all, moment{comment: m})
	}
	slices.SortFunc(all, func(x, y moment) int { return cmp.Compare(x.place(), y.place()) })
	list, link := page(c, all)
	out := make([]any, 0, len(list))
	for _, m := range list {
		if m.event != nil {
			out = append(out, c.event(m.event, false))
			continue
		}
		j := c.remark(m.comment)
		j.Event, j.Actor = "commented", j.User
		out = append(out, j)
	}
	return answer{status: http.StatusOK, body: out, link: link}, nil
}
