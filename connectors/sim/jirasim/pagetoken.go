package jirasim

import (
	"encoding/base64"
	"encoding/json"
	"hash/fnv"
	"slices"
	"strconv"
	"strings"
	"time"
)

// tokenLife is how long a nextPageToken is good for.
const tokenLife = 7 * 24 * time.Hour

// pageToken is what a nextPageToken holds. It belongs to one search: the same
// JQL, fields, reconcileIssues and account.
type pageToken struct {
	Search uint64 `json:"q"`
	Issued int64  `json:"t"`           // epoch milliseconds
	After  *place `json:"a"`           // nil: from the first row on
	Page   int    `json:"p,omitempty"` // how many pages led here, so that no two tokens of a walk are the same
	Check  uint64 `json:"c,omitempty"`
}

// badToken is the answer to one that was made up, changed, of another search,
// used up or too old.
func badToken() *Refusal {
	return invalid("The provided nextPageToken is invalid or has expired.")
}

// searchID tells searches apart that must not share tokens.
func searchID(parts ...string) uint64 {
	h := fnv.New64a()
	for _, p := range parts {
		_, _ = h.Write([]byte(strconv.Itoa(len(p)) + ":" + p))
	}
	return h.Sum64()
}

func (t pageToken) sum() uint64 {
	t.Check = 0
	raw, _ := json.Marshal(t) // plain numbers and texts always marshal
	return searchID("nextPageToken", string(raw))
}

func (t pageToken) text() string {
	t.Check = t.sum()
	raw, _ := json.Marshal(t)
	return base64.RawURLEncoding.EncodeToString(raw)
}

// openToken reads a token of the given search.
func (s *Site) openToken(text string, search uint64) (pageToken, *Refusal) {
	raw, err := base64.RawURLEncoding.DecodeString(text)
	var t pageToken
	if err != nil || json.Unmarshal(raw, &t) != nil || t.Check != t.sum() || t.Search != search {
		return pageToken{}, badToken()
	}
	if s.now().Sub(time.UnixMilli(t.Issued)) > tokenLife {
		return pageToken{}, badToken()
	}
	if s.opts.SingleUseTokens && s.usedUp(text) {
		return pageToken{}, badToken()
	}
	return t, nil
}

// usedUp marks a token as answered and reports whether it was before.
func (s *Site) usedUp(text string) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	was := s.used[text]
	s.used[text] = true
	return was
}

// joined is a list as one text, whatever its order.
func joined(list []string) string {
	return strings.Join(slices.Sorted(slices.Values(list)), ",")
}
