package jira

import "testing"

// An answer that leaves out the transitions, or what their screens ask for, is a read and
// no more.
func TestReadWithExitsNotTold(t *testing.T) {
	t.Parallel()
	const issue = `{"id":"10012","key":"OPS-12","fields":{"summary":"Pay","status":{"id":"1","name":"To Do"},"project":{"key":"OPS"},"created":"2026-10-01T10:00:00.000+0000","updated":"2026-10-02T10:00:00.000+0000"}`
	for name, c := range map[string]struct {
		rest  string
		whole bool
		exits int
	}{
		"nothing":         {rest: ``},
		"null":            {rest: `,"transitions":null`},
		"another shape":   {rest: `,"transitions":{"id":"11"}`},
		"without screens": {rest: `,"transitions":[{"id":"11","name":"Start","to":{"id":"3"}}]`},
		"without a goal":  {rest: `,"transitions":[{"id":"11","name":"Start","fields":{}}]`},
		"one of two":      {rest: `,"transitions":[{"id":"11","to":{"id":"3"},"fields":{}},{"id":"21","to":{"id":"9"}}]`},
		"no way out":      {rest: `,"transitions":[]`, whole: true},
		"all":             {rest: `,"transitions":[{"id":"11","name":"Start","to":{"id":"3"},"fields":{}}]`, whole: true, exits: 1},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			f := newFake(t)
			f.on("GET issue/10012", jsonReply(issue+c.rest+`}`))
			o, exits, whole, err := f.client.ReadWithExits(t.Context(), ops12)
			if err != nil || o.Issue.Status.ID != "1" || whole != c.whole || len(exits) != c.exits {
				t.Errorf("%+v, %v, whole %v, %v", o.Issue.Status, exits, whole, err)
			}
		})
	}
}
