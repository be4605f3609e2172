package contract

import (
	"crypto/sha256"
	"encoding/base32"
	"encoding/binary"
	"errors"
	"fmt"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"unicode"

	"parley/kanban"
)

// What each hash is of: two things that read the same never have the same hash.
const (
	chainBegins = "parley contract ledger 1"
	chainEntry  = "parley contract entry 1"
	termsSay    = "parley contract terms 1"
)

// Link is the hash of an entry and of all before it.
type Link [sha256.Size]byte

// coder writes values so that no two different rows of values read the same: texts with
// their length, numbers in eight bytes.
type coder []byte

func (b *coder) text(s string) {
	b.number(int64(len(s)))
	*b = append(*b, s...)
}

func (b *coder) number(n int64) { *b = binary.BigEndian.AppendUint64(*b, uint64(n)) }

func (b *coder) sum() Link { return sha256.Sum256(*b) }

// Genesis is what the first entry of a unit's ledger hangs on.
func Genesis(unit kanban.UnitKey) Link {
	var b coder
	b.text(chainBegins)
	b.text(string(unit))
	return b.sum()
}

// After is the link of an entry behind another link. It covers every field.
func (e Entry) After(last Link) Link {
	b := make(coder, 0, 512) // few lines are longer
	b.text(chainEntry)
	b.text(string(last[:]))
	b.number(e.Seq)
	b.number(e.Reverses)
	e.encode(&b)
	return b.sum()
}

// encode writes all that an entry says, apart from its place in the ledger.
func (e Entry) encode(b *coder) {
	b.text(string(e.Unit))
	b.number(int64(e.Period))
	b.number(e.At.UnixMilli())
	b.text(string(e.Kind))
	b.number(int64(e.Amount))
	b.text(string(e.Card))
	b.text(string(e.Other))
	b.text(string(e.With))
	b.text(e.Who)
	b.text(e.Cause)
	b.number(int64(e.Terms))
	b.text(e.Note)
	if e.Ref == "" && e.Outcome == "" && e.Was == "" && e.Basis == "" {
		return // so read all lines that are older than those about verdicts
	}
	for _, s := range []string{e.Ref, string(e.Outcome), string(e.Was), e.Basis} {
		b.text(s)
	}
}

// Head names the state of a ledger so that it can be sent out and compared later.
type Head struct {
	Unit    kanban.UnitKey
	Entries int64
	Link    Link
}

// headForm begins the text of a head.
const headForm = "parley-ledger-1"

func letters() *base32.Encoding { return base32.StdEncoding.WithPadding(base32.NoPadding) }

// String is the head as it is sent out: "parley-ledger-1:trading:17:…".
func (h Head) String() string {
	return fmt.Sprintf("%s:%s:%d:%s", headForm, h.Unit, h.Entries, strings.ToLower(letters().EncodeToString(h.Link[:])))
}

// ParseHead reads the text of a head, however its letters were written.
func ParseHead(text string) (Head, error) {
	parts := strings.Split(strings.ToLower(strings.TrimSpace(text)), ":")
	if len(parts) != 4 || parts[0] != headForm {
		return Head{}, fmt.Errorf("%.60q is no head of a ledger; it begins with %s and has four parts", text, headForm)
	}
	n, err := strconv.ParseInt(parts[2], 10, 64)
	if err != nil || n < 0 {
		return Head{}, fmt.Errorf("%.20q is no number of entries", parts[2])
	}
	sum, err := letters().DecodeString(strings.ToUpper(parts[3]))
	if err != nil || len(sum) != sha256.Size {
		return Head{}, errors.New("the last part of the head is cut off or mistyped; copy it whole")
	}
	return Head{Unit: kanban.UnitKey(parts[1]), Entries: n, Link: Link(sum)}, nil
}

// Seal is the head of a ledger.
func Seal(unit kanban.UnitKey, entries []Entry) Head {
	h := Head{Unit: unit, Link: Genesis(unit)}
	for _, e := range entries {
		h.Link = e.After(h.Link)
		h.Entries++
	}
	return h
}

// Verify checks recorded entries, with the links that were recorded with them, and tells
// the first one that is not what was written then. That the newest ones were cut off only a
// head shows that was sent out.
func Verify(unit kanban.UnitKey, entries []Entry, links []Link) error {
	if len(entries) != len(links) {
		return fmt.Errorf("ledger of %s: %d entries with %d links", unit, len(entries), len(links))
	}
	h := Seal(unit, nil)
	for n, e := range entries {
		var err error
		if h, err = h.Next(e, links[n]); err != nil {
			return err
		}
	}
	return nil
}

// Next is the head once an entry follows. The error is that another one was written there,
// by the link that was recorded with it.
func (h Head) Next(e Entry, recorded Link) (Head, error) {
	unit := h.Unit
	h.Entries, h.Link = h.Entries+1, e.After(h.Link)
	if e.Seq != h.Entries || e.Unit != unit {
		return h, fmt.Errorf("ledger of %s: in place %d stands entry %d of %s; entries were removed or moved", unit, h.Entries, e.Seq, e.Unit)
	}
	if h.Link != recorded {
		return h, fmt.Errorf("ledger of %s: entry %d is not the one that was written", unit, e.Seq)
	}
	return h, nil
}

// Holds checks a ledger against a head that was sent out earlier: what the head covered
// must stand there unchanged. Entries after it are no fault.
func (h Head) Holds(entries []Entry) error {
	if h.Entries > int64(len(entries)) {
		return fmt.Errorf("ledger of %s: the head covers %d entries, %d are left", h.Unit, h.Entries, len(entries))
	}
	if Seal(h.Unit, entries[:h.Entries]) != h {
		return fmt.Errorf("ledger of %s: among its first %d entries at least one is not the one that was sent out", h.Unit, h.Entries)
	}
	return nil
}

// name is what the ledger calls a version of the terms: its number, and the hash of what
// it says in so many bytes, so that terms cannot be changed behind the entries.
func (t Terms) name(version, bytes int) string {
	var b coder
	b.text(termsSay)
	for _, n := range []int{int(t.From), t.Slots, t.Carry, int(t.Cutoff.Day), t.Cutoff.Hour, t.Cutoff.Minute, t.Expedites, t.SLEDays, t.SLEShare,
		t.AnswerDays, t.AcceptDays, t.Unplanned, t.ChooseDays, len(t.Ready), len(t.Holidays), len(t.Priorities)} {
		b.number(int64(n))
	}
	for _, s := range t.Ready {
		b.text(s)
	}
	for _, d := range t.Holidays {
		b.number(int64(d))
	}
	for _, p := range t.Priorities {
		b.text(string(p))
	}
	for _, s := range []string{string(t.Over), t.Agreed.Business, t.Agreed.IT} {
		b.text(s)
	}
	sum := b.sum()
	return fmt.Sprintf("terms/%d/%x", version, sum[:bytes])
}

// FindHeads reads the heads out of a text in which they were sent out, each once, in the
// order of the text. What mail and trackers do to texts makes no difference: quoting, broken
// lines, capitals, characters that cannot be seen. The error tells what is wrong with the
// first one, or that there is none.
func FindHeads(text string) ([]Head, error) {
	text = regexp.MustCompile(`=?\r?\n[>\s]*`).ReplaceAllString(text, "")
	text = strings.ToLower(strings.Map(func(r rune) rune {
		if r == '\\' || unicode.Is(unicode.Cf, r) {
			return -1
		}
		return r
	}, text))
	var out []Head
	for {
		at := strings.Index(text, headForm+":")
		if at < 0 {
			break
		}
		text = text[at:]
		end := headEnd(text)
		h, err := ParseHead(text[:end])
		if err != nil {
			return nil, err
		}
		if !slices.Contains(out, h) {
			out = append(out, h)
		}
		text = text[end:]
	}
	if len(out) == 0 {
		return nil, fmt.Errorf("there is no head of a ledger in this text; it begins with %s", headForm)
	}
	return out, nil
}

// headEnd is where a head ends that a text begins with: its last part has as many letters
// as a link takes, whatever follows.
func headEnd(text string) int {
	colons, letter := 0, 0
	for i, r := range text {
		switch {
		case colons < 3 && r == ':':
			colons++
		case colons < 3 && r != ' ':
		case colons == 3 && letter < letters().EncodedLen(sha256.Size) && (r >= 'a' && r <= 'z' || r >= '2' && r <= '7'):
			letter++
		default:
			return i
		}
	}
	return len(text)
}
