package githubsim

import (
	"crypto/sha256"
	"encoding/hex"
	"net/http"
	"strings"
)

// etagEntry remembers the tag of an answer, good until its repository moves.
type etagEntry struct {
	rp           *repo
	version, all int64
	tag          string
}

const maxTags = 20_000

// tag is the entity tag of an answer. It depends on the token, so another token,
// even of the same user, never finds its copy unchanged.
func (c *call) tag(body []byte) string {
	h := sha256.New()
	h.Write([]byte(c.key()))
	h.Write(body)
	tag := `"` + hex.EncodeToString(h.Sum(nil)) + `"`
	if c.w.opts.WeakETags {
		return "W/" + tag
	}
	return tag
}

// key names the answer that a tag belongs to.
func (c *call) key() string {
	return strings.Join([]string{c.token, c.base, c.r.URL.RequestURI(), c.version, ""}, "\x00")
}

// known is the tag the answer to a call has, if that is known without making the
// answer: then an idle poll costs next to nothing. The lock is held.
func (w *world) known(c *call) string {
	if c.writes() || c.rp == nil || c.r.Header.Get("If-None-Match") == "" {
		return ""
	}
	e, ok := w.etags[c.key()]
	if !ok || e.rp != c.rp || e.version != c.rp.version || e.all != w.version {
		return ""
	}
	return e.tag
}

// remember keeps the tag of an answer, unless lists of the repository will change
// by themselves. The lock is held.
func (w *world) remember(c *call, tag string) {
	if c.writes() || c.rp == nil || c.now.Before(c.rp.settled) {
		return
	}
	if len(w.etags) >= maxTags {
		clear(w.etags)
	}
	w.etags[c.key()] = etagEntry{rp: c.rp, version: c.seen, all: c.seenAll, tag: tag}
}

// holds reports whether the caller says to have the answer with this tag.
func (c *call) holds(tag string) bool {
	for have := range strings.SplitSeq(c.r.Header.Get("If-None-Match"), ",") {
		have = strings.TrimPrefix(strings.TrimSpace(have), "W/")
		if have == strings.TrimPrefix(tag, "W/") || have == "*" {
			return true
		}
	}
	return false
}

// caching sets the headers that go with a tag.
func (c *call) caching(h http.Header, tag string) {
	if tag == "" {
		return
	}
	scope := "private"
	if c.user == nil {
		scope = "public"
	}
	h.Set("Cache-Control", scope+", max-age=60, s-maxage=60")
	h.Set("ETag", tag)
}
