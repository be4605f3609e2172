package l3_test

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"pgregory.net/rapid"

	"parley/connectors/sim/jirasim"
	"parley/kanban"
	"parley/sync/engine"
	"parley/sync/oracle"
	"parley/sync/store"
)

// script is what people do in one run and how unwell the trackers are meanwhile. It is
// drawn before the bubble begins: nothing may be drawn inside.
type script struct {
	Seed         uint64 // of what happens to each request
	Pairs        int
	Jira, GitHub rates
	Acts         []act

	Lone    int           // Jira issues that a twin is to be created of
	Apart   time.Duration // between two issues, when they are made
	Limits  bool          // the trackers enforce what they publish, and Parley knows it
	Latency time.Duration // of an answer, at most
	Poll    time.Duration // 0: ten seconds
}

// act is one thing that a person does, some time after the one before.
type act struct {
	After time.Duration
	Pair  int
	Kind  kind
	Arg   int
}

type kind int

const (
	transition kind = iota
	finish
	prioritise
	label
	priorityLabel
	closeOrOpen
	drag
	dragPriority
	kinds
)

func drawScript(t *rapid.T, acts int) script {
	rate := rapid.SampledFrom([]int{0, 0, 2, 5, 15})
	faults := func(name string) rates {
		return rates{
			Limited: rate.Draw(t, name+" limited") / 2, Broken: rate.Draw(t, name+" broken"), Cut: rate.Draw(t, name+" cut"),
			Lost: rate.Draw(t, name+" lost"), Slow: rate.Draw(t, name+" slow"), Late: rate.Draw(t, name+" late") / 3,
		}
	}
	s := script{Seed: rapid.Uint64().Draw(t, "seed"), Pairs: rapid.IntRange(1, 8).Draw(t, "pairs"), Jira: faults("jira"), GitHub: faults("github")}
	one := rapid.Custom(func(t *rapid.T) act {
		return act{
			After: time.Duration(rapid.SampledFrom([]int{0, 1, 3, 10, 40, 200}).Draw(t, "after")) * time.Second,
			Pair:  rapid.IntRange(0, s.Pairs-1).Draw(t, "pair"), Kind: kind(rapid.IntRange(0, int(kinds)-1).Draw(t, "kind")), Arg: rapid.IntRange(0, 11).Draw(t, "arg"),
		}
	})
	s.Acts = rapid.SliceOfN(one, acts/4, acts).Draw(t, "acts")
	return s
}

// do lets a person act. What a tracker or the board refuses is no change; done says
// whether it was one.
func (w *world) do(ctx context.Context, n int, a act) (done bool, err error) {
	p := w.pairs[a.Pair]
	switch a.Kind {
	case transition:
		return w.site.Transition("ana", p.key, []string{"Start work", "Ask for review", "Back to work", "Reopen"}[a.Arg%4], jirasim.Edit{}) == nil, nil
	case finish:
		return w.site.Transition("ana", p.key, "Finish", jirasim.Edit{Resolution: new("Done")}) == nil, nil
	case prioritise:
		return w.site.Edit("ana", p.key, jirasim.Edit{Priority: new([]string{"Highest", "High", "Medium", "Low"}[a.Arg%4])}) == nil, nil
	case label:
		return w.relabel(p, "status:", []string{"status:in-progress", "status:review"}[a.Arg%2])
	case priorityLabel:
		return w.relabel(p, "priority:", []string{"priority:high", "priority:medium", "priority:low"}[a.Arg%3])
	case closeOrOpen:
		is, err := w.hub.Issue(repo, p.number)
		if err != nil {
			return false, err
		}
		if is.State == "open" {
			return true, w.hub.SetState("ben", repo, p.number, "closed", "completed")
		}
		return true, w.hub.SetState("ben", repo, p.number, "open", "reopened")
	case drag:
		return w.intend(ctx, n, p, kanban.FieldStatus, []kanban.Value{"todo", "doing", "review", "done"}[a.Arg%4])
	default:
		return w.intend(ctx, n, p, kanban.FieldPriority, []kanban.Value{"high", "medium", "low"}[a.Arg%3])
	}
}

// relabel puts one label of a family in the place of its others, as the label picker does.
func (w *world) relabel(p pair, family, to string) (bool, error) {
	is, err := w.hub.Issue(repo, p.number)
	if err != nil || is.State != "open" || slices.Contains(is.Labels, to) {
		return false, err
	}
	labels := slices.DeleteFunc(slices.Clone(is.Labels), func(l string) bool { return strings.HasPrefix(l, family) })
	return true, w.hub.SetLabels("ben", repo, p.number, append(labels, to)...)
}

// intend drags the card on the board, as it is shown at this moment.
func (w *world) intend(ctx context.Context, n int, p pair, f kanban.Field, to kanban.Value) (bool, error) {
	face, err := w.face(ctx, p)
	if err != nil {
		return false, nil //nolint:nilerr // it is not on the board yet
	}
	from := string(face.Column)
	if f == kanban.FieldPriority {
		from = string(face.Priority)
	}
	_, err = w.runner.Intend(ctx, engine.Intent{Key: fmt.Sprintf("drag-%d", n), Card: face.ID, Field: f, To: to, Rev: face.Rev, Actor: "lea"})
	if refused := new(engine.Refusal); errors.As(err, &refused) {
		return false, nil
	}
	if err != nil {
		return false, err
	}
	at := p.key + string(f)
	w.board[at] = append(w.board[at], oracle.Drag{At: time.Now(), From: from, To: string(to)})
	return true, nil
}

// face is the card as the board shows it.
func (w *world) face(ctx context.Context, p pair) (kanban.Card, error) {
	id, err := w.store.Resolve(ctx, p.key)
	if err != nil {
		return kanban.Card{}, err
	}
	faces, err := w.store.Faces(ctx, store.FaceQuery{IDs: []kanban.CardID{id}})
	if err != nil || len(faces) != 1 {
		return kanban.Card{}, errors.Join(err, store.ErrUnknown)
	}
	return faces[0].Card, nil
}
