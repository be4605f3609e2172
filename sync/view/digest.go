package view

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"time"

	"parley/kanban"
	"parley/kanban/contract"
	"parley/kanban/contract/digest"
	"parley/sync/dispatch"
)

// dispatchSource is what is kept of digests on their way.
type dispatchSource interface {
	OpenDispatches(ctx context.Context) ([]dispatch.Dispatch, error)
	DispatchesOf(ctx context.Context, digest string) ([]dispatch.Dispatch, error)
}

// PeriodDigest is the digest of a period, and whether its time has come.
type PeriodDigest struct {
	Digest digest.Digest
	Ended  time.Time // of the period
	Latest bool      // no later period is over
	Wait   string    // what it waits for, in words; "" it can be sent out
	// Sealed says that the head of the ledger covers all that the digest tells, or that the
	// ledger is not as it was written, which the digest tells as well. A digest with another
	// head proves nothing.
	Sealed  bool
	Missing []Unread // of the trackers; with any, nothing is entered in ledgers
	Overdue bool     // it has waited for what is open and unread for as long as it does
}

// DigestPatience is how long after the end of a period its digest waits for what is still
// open and unread. Then it goes out and says so.
const DigestPatience = 12 * time.Hour

// readAfter is how long after the end of a period a tracker is to have been read: what
// happened in the last seconds shows in its lists only then.
const readAfter = time.Minute

// Digest makes the digest of a unit's contract, as the unit's own people may read it who
// came by a link: they are not known to be who they are. period is "2026-W47", or "" for
// the last one that is over; page is the address of the contract's page. ErrUnknown is that
// there is no such contract, or no such period in it that is over.
func (v *Views) Digest(ctx context.Context, unit kanban.UnitKey, period, page string) (PeriodDigest, error) {
	s, known, err := v.judging(ctx)
	if err != nil {
		return PeriodDigest{}, err
	}
	i := slices.IndexFunc(s.accounts, func(a contract.Account) bool { return a.Unit == unit })
	if i < 0 {
		return PeriodDigest{}, fmt.Errorf("contract of %.60q: %w", string(unit), ErrUnknown)
	}
	account := s.accounts[i]
	p, latest, ok := periodOf(account, period)
	if !ok {
		return PeriodDigest{}, fmt.Errorf("period %.20q of the contract of %s: %w", period, unit, ErrUnknown)
	}
	book, err := v.ledger(ctx, unit)
	if err != nil {
		return PeriodDigest{}, err
	}
	gaps, err := v.gaps(ctx)
	if err != nil {
		return PeriodDigest{}, err
	}
	missing, err := v.Unread(ctx)
	if err != nil {
		return PeriodDigest{}, err
	}
	var lacks []string
	for _, u := range missing {
		lacks = append(lacks, u.outside()) // it goes to the unit
	}
	ledger := book.state()
	reader := contractTeller{v.As(Viewer{Audience: UnitAudience(unit), Link: true}), s, account}
	d, _ := digest.Of(digest.Source{Account: account, Agreed: v.agreed(unit), Names: reader.names(), Gaps: gaps, Missing: lacks, Page: page, Now: s.now,
		Ledger: digest.Ledger{Entries: ledger.Entries, Head: ledger.Head, Problem: ledger.Problem}}, p)
	out := PeriodDigest{Digest: d, Latest: latest, Missing: missing, Ended: p.Next().Monday().Start(v.zone())}
	out.Overdue = !v.Now().Before(out.Ended.Add(DigestPatience))
	out.Sealed = ledger.Problem != "" || len(account.Extend(book.entries, known, v.Now())) == 0
	if v.Now().Before(contract.Newest(book.entries)) {
		out.Wait = "the clock of this process is behind the ledger"
		return out, nil
	}
	if out.Wait = s.problem(unit); out.Wait != "" {
		return out, nil
	}
	out.Wait, err = v.digestWaits(ctx, account, p, out)
	return out, err
}

// digestWaits says what a digest waits for.
func (v *Views) digestWaits(ctx context.Context, a contract.Account, p contract.Period, is PeriodDigest) (string, error) {
	if !is.Sealed && (len(is.Missing) == 0 || !is.Overdue) {
		return "the ledger is not written up to now", nil
	}
	if is.Overdue {
		return "", nil
	}
	fresh, err := v.freshness(ctx)
	if err != nil {
		return "", err
	}
	for _, f := range fresh {
		if f.OKAt.Before(is.Ended.Add(readAfter)) {
			return f.Tracker + " has not been read since the period ended", nil
		}
	}
	if digest.Undecided(a, p) {
		return "not all promises of the period are decided", nil
	}
	return "", nil
}

// periodOf finds a period that is over.
func periodOf(a contract.Account, name string) (p contract.Period, latest, ok bool) {
	last, ok := digest.Last(a)
	if !ok || name == "" {
		return last, true, ok
	}
	i := slices.IndexFunc(a.Statements, func(t contract.Statement) bool { return t.Closed && t.Period.String() == name })
	if i < 0 {
		return 0, false, false
	}
	return a.Statements[i].Period, a.Statements[i].Period == last, true
}

// agreed is what was agreed on with a unit.
func (v *Views) agreed(unit kanban.UnitKey) contract.Contract {
	i := slices.IndexFunc(v.Agreements, func(c contract.Contract) bool { return c.Unit == unit })
	if i < 0 {
		return contract.Contract{Unit: unit}
	}
	return v.Agreements[i]
}

// DigestWay is how far a digest has come to one receiver.
type DigestWay struct {
	Channel dispatch.Channel `json:"channel"`
	To      string           `json:"to,omitempty"` // for those inside
	State   dispatch.State   `json:"state"`
	At      time.Time        `json:"at"`                // when it came so far
	Problem string           `json:"problem,omitempty"` // for those inside
}

// SentDigest is how far the digest of a period has come.
type SentDigest struct {
	Period string      `json:"period"`
	Ways   []DigestWay `json:"ways"`
}

// digestWays tells how far the digest of the last period has come, nil where it was not
// made. Whom it goes to and what stands in the way is for those inside.
func (v *Sight) digestWays(ctx context.Context, unit kanban.UnitKey) (*SentDigest, error) {
	p := contract.PeriodOf(v.Calendar.Of(v.Now())).Back(1)
	all, err := v.Source.DispatchesOf(ctx, digest.ID(unit, p))
	if err != nil || len(all) == 0 {
		return nil, err
	}
	out := &SentDigest{Period: p.String()}
	for _, d := range all {
		at := cmp.Or(d.Ended, d.SentAt, d.Made)
		w := DigestWay{Channel: d.Channel, State: d.State, At: at.In(v.zone())}
		if v.Viewer.inside() {
			w.To, w.Problem = d.To, d.Problem
		}
		out.Ways = append(out.Ways, w)
	}
	return out, nil
}

// TroubleDigest is that a digest of a contract has not arrived.
const TroubleDigest = "digest"

// lateDigests are the digests that wait for more than their turn, or did not arrive.
func (v *Sight) lateDigests(ctx context.Context) ([]Trouble, error) {
	var out []Trouble
	for _, c := range v.Agreements {
		sent, err := v.digestWays(ctx, c.Unit)
		if err != nil {
			return nil, err
		}
		if sent == nil {
			continue
		}
		for _, w := range sent.Ways {
			if text := w.trouble(); text != "" {
				out = append(out, Trouble{Key: c.Name, Kind: TroubleDigest, Side: string(w.Channel), Since: w.At,
					Text: fmt.Sprintf("The digest of %s to %s %s", sent.Period, w.To, text)})
			}
		}
	}
	return out, nil
}

// trouble is what is to be told of a way, "" where all is well. What is held for plan mode
// is none.
func (w DigestWay) trouble() string {
	why := "."
	if w.Problem != "" {
		why = ": " + w.Problem + "."
	}
	switch w.State {
	case dispatch.Unknown:
		return "may have arrived or not" + why
	case dispatch.Refused:
		return "was refused" + why
	case dispatch.Lapsed:
		return "was not sent" + why
	case dispatch.Waiting, dispatch.Sending:
		if w.Problem != "" {
			return "is tried again" + why
		}
	}
	return ""
}
