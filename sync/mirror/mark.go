package mirror

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/binary"
	"encoding/hex"
	"fmt"
	"strings"

	"github.com/google/uuid"
)

// Marker is what the mark of a mirror says, which proves nothing before Verify.
type Marker struct {
	M      string // UUIDv5 of source tracker, source id and container
	Source string // tracker of the issue that was mirrored
	ID     string // its immutable id there
}

// macSize is how much of the HMAC the mark carries, in bytes. Guessing takes an
// issue for every try, and an account that only Parley has.
const macSize = 8

// Mark is the line that marks the mirror of an issue in a container, such as
//
//	v1 m=6f0c… src=jira/10007 mac=0123456789abcdef
//
// It is plain ASCII without a line break, a quote, "<", ">" or "--", and so can stand
// in an HTML comment and in JSON as it is.
func Mark(key []byte, source, sourceID, container string) string {
	m := identity(source, sourceID, container)
	return line(Marker{M: m, Source: source, ID: sourceID}, sum(key, m, source, sourceID, container))
}

// identity is the same for every installation and key, so that a look-up can ask for it.
func identity(source, sourceID, container string) string {
	return uuid.NewSHA1(uuid.NameSpaceURL, parts("parley:mirror", source, sourceID, container)).String()
}

func line(m Marker, mac []byte) string {
	return fmt.Sprintf("v1 m=%s src=%s/%s mac=%s", m.M, escape(m.Source), escape(m.ID), hex.EncodeToString(mac))
}

func sum(key []byte, m, source, sourceID, container string) []byte {
	h := hmac.New(sha256.New, key)
	h.Write(parts("parley mirror v1", m, source, sourceID, container))
	return h.Sum(nil)[:macSize]
}

// parts joins texts so that no two lists of texts give the same bytes.
func parts(texts ...string) []byte {
	var b []byte
	for _, t := range texts {
		b = binary.BigEndian.AppendUint32(b, uint32(len(t)))
		b = append(b, t...)
	}
	return b
}

// Read takes a mark apart. It accepts only what Mark writes, to the letter: a mark
// that a tracker or a person has changed is none.
func Read(text string) (Marker, bool) {
	m, _, ok := read(text)
	return m, ok
}

func read(text string) (m Marker, mac []byte, ok bool) {
	f := strings.Split(text, " ")
	if len(f) != 4 || f[0] != "v1" {
		return Marker{}, nil, false
	}
	id, ok1 := strings.CutPrefix(f[1], "m=")
	src, ok2 := strings.CutPrefix(f[2], "src=")
	sig, ok3 := strings.CutPrefix(f[3], "mac=")
	source, sourceID, ok4 := strings.Cut(src, "/")
	if !ok1 || !ok2 || !ok3 || !ok4 {
		return Marker{}, nil, false
	}
	m = Marker{M: id, Source: unescape(source), ID: unescape(sourceID)}
	mac, err := hex.DecodeString(sig)
	if err != nil || len(mac) != macSize || m.Source == "" || m.ID == "" || !isUUID(id) || line(m, mac) != text {
		return Marker{}, nil, false
	}
	return m, mac, true
}

func isUUID(s string) bool {
	u, err := uuid.Parse(s)
	return err == nil && u.String() == s
}

// Verify takes a mark apart that was found in a container and proves it: one of the
// keys has signed it, for this source and for this container. Time does not depend on
// how much of a forged one is right.
func Verify(keys [][]byte, container, text string) (Marker, bool) {
	m, mac, ok := read(text)
	if !ok || m.M != identity(m.Source, m.ID, container) {
		return Marker{}, false
	}
	good := false
	for _, key := range keys {
		if hmac.Equal(mac, sum(key, m.M, m.Source, m.ID, container)) {
			good = true
		}
	}
	if !good {
		return Marker{}, false
	}
	return m, true
}
