package main

import (
	"fmt"
	"strings"
	"time"
)

// request is a Jira issue that nobody has made a twin of: the daemon has to, once,
// however often it is killed meanwhile.
func (w *killWorld) request() {
	w.t.Helper()
	var j struct{ ID, Key string }
	w.must("jira", "POST", "/rest/api/2/issue", object{"fields": object{
		"project": object{"key": "FIN"}, "issuetype": object{"name": "Request"}, "summary": fmt.Sprintf("Request number %d", len(w.requests)+1)}}, &j)
	w.requests[j.ID] = j.Key
	w.did = append(w.did, fmt.Sprintf("%s %s: Jira: created", time.Now().Format("15:04:05.000"), j.Key))
}

// isCreate recognises the request that makes an issue in GitHub. The daemon is not
// killed before it arrives: nobody could tell that from one that takes effect late, and
// the daemon would look for the twin for minutes.
func (w botWrite) isCreate() bool {
	return w.tracker == "github" && strings.HasSuffix(w.path, "/issues")
}

// inDoubt is how long a create whose fate nobody knows is looked for before it is sent
// again: five minutes for it to take effect, and two for GitHub to show it.
const inDoubt = 8 * time.Minute

// manyKills is from how many kills on creates in doubt are waited for: eight minutes
// more are a lot after a hundred kills and little after a thousand.
const manyKills = 1000

// oneTwinEach is P4: no issue has two twins, and every issue that was to get one has it.
// A create whose request was lost in a kill may still be in doubt.
func (w *killWorld) oneTwinEach(kills int) {
	w.t.Helper()
	without := func() (keys []string) {
		twins := w.twins()
		for id, key := range w.requests {
			if twins[id] == 0 {
				keys = append(keys, key)
			}
		}
		return keys
	}
	if kills >= manyKills {
		w.waitFor("every request to have a twin", inDoubt, func() bool { return len(without()) == 0 })
		w.waitFor("the last twin to be finished", time.Minute, func() bool { return w.log.idle() >= quietPolls })
		w.staysAtRest(func(botWrite) bool { return false })
	}
	if keys := without(); len(keys) > 1+kills/10 {
		w.t.Errorf("P4: %d of %d requests have no twin: %v", len(keys), len(w.requests), keys)
	} else if len(keys) > 0 {
		w.t.Logf("%v wait for a create in doubt", keys)
	}
	for id, n := range w.twins() {
		if n > 1 {
			w.t.Errorf("P4: the Jira issue %s %s has %d twins", id, w.requests[id], n)
		}
	}
}

// twins counts the issues that the daemon has made in GitHub, by the Jira issue they name.
func (w *killWorld) twins() map[string]int {
	w.t.Helper()
	out := map[string]int{}
	for page := 1; ; page++ {
		var some []struct {
			Body string
			User struct{ Login string }
		}
		w.must("github", "GET", fmt.Sprintf("/repos/acme/infra/issues?state=all&per_page=100&page=%d", page), nil, &some)
		for _, is := range some {
			if _, mark, ok := strings.Cut(is.Body, "src=jira/"); ok && is.User.Login == botLogin {
				id, _, _ := strings.Cut(mark, " ")
				out[id]++
			}
		}
		if len(some) < 100 {
			return out
		}
	}
}
