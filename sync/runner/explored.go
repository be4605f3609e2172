package runner

import (
	"context"
	"fmt"
	"slices"

	"parley/connectors"
	"parley/mapping"
	"parley/sync/engine"
	"parley/sync/store"
)

// What names an issue's twin is taken down while the issue is read, by the rules of the
// day. A rule that is new, or believes in more, knows nothing of the issues read before
// it: a twin may be created only after all of them were read again.

// Settings that keep, per source, by which rules everything in it was read, and is being
// read.
const (
	settingRead    = store.SettingRead
	settingReading = "reading "
)

// evidenceOf says which evidence a rule takes down.
func evidenceOf(rule mapping.PairRule) string {
	return fmt.Sprintf("%s %q", engine.RuleKey(rule), rule.Match)
}

// evidences is that of all rules.
func (r *Runner) evidences() []string {
	var out []string
	for _, rule := range r.Rules().Pairs() {
		out = append(out, evidenceOf(rule))
	}
	return out
}

func sourceKey(t Tracker, source string) string { return t.Name + " " + source }

// begins notes, before the first page, by which rules a reading of everything begins. One
// that an earlier process began goes on by the rules of then.
func (rd *reading) begins(ctx context.Context) error {
	at := rd.st.Cursor
	rd.whole = rd.whole || rd.first || at.Watermark.IsZero()
	if !rd.whole || at.Scan != (connectors.Scan{}) {
		return nil
	}
	return rd.noteReading(ctx)
}

// restarts notes that a reading begins at nothing although the one before had ended: a
// connector that is asked for more than before does so.
func (rd *reading) restarts(ctx context.Context, next connectors.Cursor) error {
	if at := rd.st.Cursor; rd.t.Kind != connectors.Jira || at.ETag == "" || at.ETag == next.ETag {
		return nil
	}
	rd.whole = true
	return rd.noteReading(ctx)
}

func (rd *reading) noteReading(ctx context.Context) error {
	return rd.keepJSON(ctx, settingReading+rd.st.Tier+" "+sourceKey(rd.t, rd.st.Source), "what is being read", rd.evidences())
}

// ends notes that a reading of everything has met its last page.
func (rd *reading) ends(ctx context.Context) error {
	text, begun, err := rd.Store.Setting(ctx, settingReading+rd.st.Tier+" "+sourceKey(rd.t, rd.st.Source))
	if err != nil || !begun || !rd.whole {
		return err
	}
	return rd.keepSetting(ctx, settingRead+sourceKey(rd.t, rd.st.Source), text)
}

// readBy lists the evidence for which everything in a source was read.
func (r *Runner) readBy(ctx context.Context, t Tracker, source string) (out []string, err error) {
	_, err = r.recallJSON(ctx, settingRead+sourceKey(t, source), "what was read", &out)
	return out, err
}

// unread reports whether the rules take more down of a source than those did by which
// everything in it was read last.
func (r *Runner) unread(ctx context.Context, t Tracker, source string) (bool, error) {
	known, err := r.readBy(ctx, t, source)
	for _, rule := range r.Rules().Pairs() {
		if (t.Kind == connectors.Jira || rule.GitHub == source) && !slices.Contains(known, evidenceOf(rule)) {
			return true, err
		}
	}
	return false, err
}

// explored reports whether everything that could pair the issues of a rule was read: both
// sides from end to end, and the remote links where a rule believes them. Another rule
// for the same project or repository may name a twin as well.
func (r *Runner) explored(ctx context.Context, rule mapping.PairRule) (bool, error) {
	for _, other := range r.Rules().Pairs() {
		if other.Jira != rule.Jira && other.GitHub != rule.GitHub {
			continue
		}
		if whole, err := r.wholly(ctx, other); err != nil || !whole {
			return false, err
		}
	}
	return true, nil
}

func (r *Runner) wholly(ctx context.Context, rule mapping.PairRule) (bool, error) {
	for _, t := range r.Trackers {
		for _, source := range t.Sources() {
			if t.Kind == connectors.GitHub && source != rule.GitHub {
				continue
			}
			known, err := r.readBy(ctx, t, source)
			if err != nil || !slices.Contains(known, evidenceOf(rule)) {
				return false, err
			}
			if st, err := r.Store.Source(ctx, t.Name, source); err != nil || !st.Imported {
				return false, ignoreUnknown(err)
			}
		}
		if t.Kind != connectors.Jira || !slices.Contains(rule.Match, mapping.RemoteLink) {
			continue
		}
		if unread, err := r.Store.Unpaired(ctx, t.Name, []string{rule.Jira}, "", 1); err != nil || len(unread) > 0 {
			return false, err
		}
	}
	return true, nil
}
