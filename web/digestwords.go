package web

import (
	"fmt"
	"strings"

	"parley/kanban"
	"parley/sync/view"
)

// digestWords says how far the digest of the last week has come: "The digest of 2026-W46:
// comment on OPS-12 sent 2026-11-16 00:01:00, mail held.".
func digestWords(d *view.SentDigest) string {
	names := map[string]string{"jira": "comment", "email": "mail", "webhook": "webhook"}
	states := map[string]string{"sent": "sent", "held": "held", "unknown": "perhaps arrived", "refused": "refused", "lapsed": "not sent"}
	var ways []string
	for _, w := range d.Ways {
		words := names[string(w.Channel)]
		if w.To != "" {
			words += " to " + w.To
		}
		state, settled := states[string(w.State)]
		if !settled {
			state = "on its way"
		}
		if words += " " + state; state == "sent" {
			words += " " + kanban.Moment(w.At, w.At.Location())
		}
		ways = append(ways, words)
	}
	return fmt.Sprintf("The digest of week %s: %s.", weekName(d.Period), strings.Join(ways, ", "))
}
