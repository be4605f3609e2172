package web

import (
	"cmp"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"maps"
	"net/http"
	"net/url"
	"slices"
	"strings"

	"parley/kanban"
	"parley/sync/view"
)

// Settlement is one word of a person about several conflicts.
type Settlement struct {
	Conflicts []string // whole ids, each once
	Group     string   // the field and side that they were chosen by, "" where each is named
	More      int      // of the group, beyond those that are settled at once
	Choice    string   // ChoiceRestore or ChoiceDismiss
	Op        string   // the asker's own id of all of it: the same one gets the same answers
	Dry       bool     // only tell what would come of it
	By        view.Viewer
}

// Settled is what came of a Settlement.
type Settled struct {
	Op  string `json:"op"` // of the Settlement
	Dry bool   `json:"dry_run"`
	// Writes are what follows from it, by tracker, as it was foreseen before the first
	// conflict was ended.
	Writes  map[string]int `json:"writes"`
	More    int            `json:"more"` // conflicts of the group that are left for the next one
	Results []SettledOne   `json:"results"`
}

// SettledOne is what came of one conflict.
type SettledOne struct {
	Conflict string `json:"conflict"`
	State    string `json:"state"` // sent, held, done; SettledRefused, SettledFailed or SettledWould
	Problem  string `json:"problem,omitempty"`
}

// States of a conflict of which nothing is settled.
const (
	SettledRefused = "refused"
	SettledFailed  = "failed" // it could not be stored; the same op goes on with it
	SettledWould   = "would"  // it would be settled
)

// Total is the number of all writes.
func (s Settled) Total() (n int) {
	for w := range maps.Values(s.Writes) {
		n += w
	}
	return n
}

// Refused are the conflicts that cannot be settled so.
func (s Settled) Refused() []SettledOne {
	return slices.DeleteFunc(slices.Clone(s.Results), func(r SettledOne) bool { return r.State != SettledRefused })
}

// Failed counts the conflicts of which it could not be stored how they end.
func (s Settled) Failed() (n int) {
	for _, r := range s.Results {
		if r.State == SettledFailed {
			n++
		}
	}
	return n
}

// Ends is how many conflicts are settled, or would be.
func (s Settled) Ends() int { return len(s.Results) - len(s.Refused()) - s.Failed() }

// WriteWords count the writes, by tracker.
func (s Settled) WriteWords() string {
	if s.Total() == 0 {
		return "nothing has to be written"
	}
	var parts []string
	for _, tracker := range slices.Sorted(maps.Keys(s.Writes)) {
		parts = append(parts, fmt.Sprintf("%d to %s", s.Writes[tracker], product(tracker)))
	}
	if len(parts) == 1 {
		only := slices.Collect(maps.Keys(s.Writes))[0]
		return fmt.Sprintf("%s to %s", kanban.Count(s.Total(), "write", "writes"), product(only))
	}
	return fmt.Sprintf("%d writes: %s", s.Total(), strings.Join(parts, ", "))
}

// mostSettled is how many conflicts are settled at once.
const mostSettled = 500

// settleRequest is the body of a settlement.
type settleRequest struct {
	Conflicts []string `json:"conflicts"`
	Field     string   `json:"field"` // with Side: instead of Conflicts
	Side      string   `json:"side"`
	Choice    string   `json:"choice"`
	Op        string   `json:"op"`
	Dry       bool     `json:"dry_run"`
}

func (s *server) postSettle(w http.ResponseWriter, r *http.Request) {
	body, ok := bodyOf[settleRequest](w, r)
	if !ok {
		return
	}
	in, problem, err := s.settlement(r, body)
	if problem != "" {
		writeError(w, http.StatusBadRequest, problem)
		return
	}
	var done Settled
	if err == nil {
		done, err = s.Intents.Settle(r.Context(), in)
	}
	switch {
	case err == nil:
		writeJSON(w, http.StatusOK, done)
	case done.Failed() > 0:
		s.brokeOff(r, in, err)
		writeJSON(w, http.StatusMultiStatus, done)
	default:
		s.answer(w, r, "conflicts", in.Op, Answer{}, err)
	}
}

// brokeOff logs why a settlement ended half way.
func (s *server) brokeOff(r *http.Request, in Settlement, err error) {
	if r.Context().Err() == nil {
		s.Log.ErrorContext(r.Context(), "settle conflicts", "op", in.Op, "error", err)
	}
}

// noGroup says why no conflicts are of the field and side of a body.
func noGroup(body settleRequest) string {
	if err := view.VetGroup(body.Field, body.Side); err != nil {
		return err.Error()
	}
	return ""
}

// settlement is what a body asks for, and what is wrong with it.
func (s *server) settlement(r *http.Request, body settleRequest) (Settlement, string, error) {
	in := Settlement{Choice: body.Choice, Op: cmp.Or(body.Op, newOp()), Dry: body.Dry, By: viewer(r)}
	grouped := body.Field != "" || body.Side != ""
	switch {
	case in.Choice != ChoiceRestore && in.Choice != ChoiceDismiss:
		return in, "choice: it is restore or dismiss", nil
	case len(in.Op) > maxOp:
		return in, "op: it is longer than 200 bytes", nil
	case grouped == (len(body.Conflicts) > 0):
		return in, "name either conflicts, or a field or side", nil
	case grouped && noGroup(body) != "":
		return in, noGroup(body), nil
	case !grouped:
		var problem string
		in.Conflicts, problem = eachOnce(body.Conflicts)
		return in, problem, nil
	}
	some, err := s.reader(r).Conflicts(r.Context(), false)
	if err != nil {
		return in, "", err
	}
	in.Group, in.Conflicts = body.Field+" "+body.Side, grouping(some, body)
	in.More = max(0, len(in.Conflicts)-mostSettled)
	in.Conflicts = in.Conflicts[:len(in.Conflicts)-in.More]
	return in, "", nil
}

// eachOnce are conflicts by their ids, each once, and what is wrong with them. What nobody
// knows is left for the answer to refuse.
func eachOnce(ids []string) ([]string, string) {
	out, seen := []string{}, map[string]bool{}
	for _, id := range ids {
		if len(id) > maxOp {
			return nil, "conflicts: an id is longer than 200 bytes"
		}
		if !seen[id] {
			seen[id], out = true, append(out, id)
		}
	}
	if len(out) > mostSettled {
		return nil, fmt.Sprintf("conflicts: %d are more than %d; settle them in parts", len(out), mostSettled)
	}
	return out, ""
}

// grouping are the conflicts of a group that can be acted on.
func grouping(some []view.Clash, body settleRequest) []string {
	out := []string{}
	for _, c := range some {
		if c.Actionable() && c.In(body.Field, body.Side) {
			out = append(out, c.ID)
		}
	}
	return out
}

// settleData is the page that tells what settling several conflicts would write.
type settleData struct {
	frame
	In      Settlement
	Settled Settled
	Clashes map[string]view.Clash // by id
	Changed int                   // conflicts of which the card was set to something else since it was shown
}

// Of is a conflict of the page.
func (d settleData) Of(id string) view.Clash { return d.Clashes[id] }

// Mark is where the field of a conflict of the page stands, for the form to repeat.
func (d settleData) Mark(id string) string { return standsAt(d.Clashes[id]) }

// settleForm tells what would come of settling conflicts; once that is confirmed, it
// settles them.
func (s *server) settleForm(w http.ResponseWriter, r *http.Request) {
	if !s.whole(w, r) {
		return
	}
	body := settleRequest{Choice: r.PostFormValue("choice"), Op: r.PostFormValue("op"), Dry: r.PostFormValue("confirmed") == ""}
	group := r.PostFormValue("group")
	if field, side, ok := strings.Cut(group, " "); ok {
		body.Field, body.Side = field, side
	} else {
		body.Conflicts = r.PostForm["conflict"]
	}
	if group == "" && len(body.Conflicts) == 0 {
		s.showSync(w, r, http.StatusUnprocessableEntity, &Refusal{Status: http.StatusUnprocessableEntity, Reason: "No conflict is chosen: tick some, or choose a group"})
		return
	}
	in, problem, err := s.settlement(r, body)
	if problem != "" {
		s.malformed(w, r, problem)
		return
	}
	changed := 0
	if err == nil && !in.Dry {
		changed, err = s.changed(r)
		in.Dry = changed > 0 // what follows is another thing than what was confirmed
	}
	if err != nil {
		s.fail(w, r, err)
		return
	}
	s.settle(w, r, in, changed)
}

// changed counts the conflicts of a form that can still be acted on and whose cards do not
// stand any more where the page said that they do.
func (s *server) changed(r *http.Request) (n int, err error) {
	ids, shown := r.PostForm["conflict"], r.PostForm["now"]
	if len(shown) != len(ids) {
		return 0, nil // the form is not that of the page
	}
	some, err := s.reader(r).Conflicts(r.Context(), false)
	now := make(map[string]string, len(some))
	for _, c := range some {
		now[c.ID] = standsAt(c)
	}
	for i, id := range ids {
		if is, ok := now[id]; ok && is != shown[i] {
			n++
		}
	}
	return n, err
}

// standsAt is a short mark of where a conflict's field stands.
func standsAt(c view.Clash) string {
	sum := sha256.Sum256([]byte(c.Now))
	return hex.EncodeToString(sum[:6])
}

func (s *server) settle(w http.ResponseWriter, r *http.Request, in Settlement, changed int) {
	done, err := s.Intents.Settle(r.Context(), in)
	refused, ok := errors.AsType[*Refusal](err)
	switch {
	case ok:
		s.showSync(w, r, refused.Status, refused)
	case done.Failed() > 0:
		s.brokeOff(r, in, err)
		s.showSettled(w, r, http.StatusInternalServerError, settleData{In: in, Settled: done})
	case err != nil:
		s.fail(w, r, err)
	case changed > 0:
		s.showSettled(w, r, http.StatusConflict, settleData{In: in, Settled: done, Changed: changed})
	case !in.Dry && len(done.Refused()) == 0:
		http.Redirect(w, r, "/sync?settled="+url.QueryEscape(fmt.Sprint(done.Ends()))+"#conflicts", http.StatusSeeOther)
	default:
		s.showSettled(w, r, http.StatusOK, settleData{In: in, Settled: done})
	}
}

// showSettled is the page before a settlement, and after one of which something was refused
// or could not be stored.
func (s *server) showSettled(w http.ResponseWriter, r *http.Request, status int, d settleData) {
	all, err := s.reader(r).Conflicts(r.Context(), true)
	if err != nil {
		s.fail(w, r, err)
		return
	}
	d.Clashes = map[string]view.Clash{}
	for _, c := range all {
		d.Clashes[c.ID] = c
	}
	if d.frame, _, err = s.framed(r.Context(), r, "sync", "Settle conflicts"); err != nil {
		s.fail(w, r, err)
		return
	}
	s.render(w, r, status, "settle-page", d)
}
