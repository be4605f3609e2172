package githubsim

import (
	"encoding/base64"
	"encoding/binary"
	"math"
	"strings"
	"time"
)

// ids hands out identities. They depend only on the order of calls, so that two
// runs of the same story give the same ids.
type ids struct {
	user, repo, issue, label, comment, milestone, app, installation int64
	field, option, project, item                                    int64
	perSecond                                                       map[int64]int64 // events made in a second
}

func newIDs() ids {
	return ids{
		user: 50_000_000, repo: 700_000_000, issue: 5_166_000_000, label: 8_200_000_000,
		comment: 4_700_000_000, milestone: 13_000_000, app: 300_000, installation: 60_000_000, perSecond: map[int64]int64{},
	}
}

func next(counter *int64, given int64) int64 {
	if given != 0 {
		*counter = max(*counter, given)
		return given
	}
	*counter++
	return *counter
}

// event gives an id that ascends with the time of the event even when history is
// seeded issue by issue. A second holds a million of them; the result stays below
// 2^53, which readers with floating numbers need.
func (i *ids) event(at time.Time) int64 {
	const epoch = 1_000_000_000 // September 2001, before any GitHub event
	sec := max(at.Unix()-epoch, 0)
	n := i.perSecond[sec]
	i.perSecond[sec] = n + 1
	return sec*1_000_000 + n + 1
}

// nodeParts takes a global id apart, nothing where it is none.
func nodeParts(id string) (prefix string, parts []int64) {
	prefix, text, _ := strings.Cut(id, "_")
	b, err := base64.RawURLEncoding.DecodeString(text)
	if err != nil || len(b) < 2 {
		return "", nil
	}
	for b = b[2:]; len(b) > 0; {
		switch {
		case b[0] == 0xce && len(b) >= 5:
			parts, b = append(parts, int64(binary.BigEndian.Uint32(b[1:]))), b[5:]
		case b[0] == 0xcf && len(b) >= 9:
			parts, b = append(parts, int64(binary.BigEndian.Uint64(b[1:]))), b[9:]
		default:
			return "", nil
		}
	}
	return prefix, parts
}

// nodeID is the global id in GitHub's present form: a prefix for the type, then
// a packed list of the repository's id, where there is one, and the own id.
func nodeID(prefix string, parts ...int64) string {
	b := []byte{0x91 + byte(len(parts)), 0}
	for _, p := range parts {
		if p <= math.MaxUint32 {
			b = binary.BigEndian.AppendUint32(append(b, 0xce), uint32(p))
		} else {
			b = binary.BigEndian.AppendUint64(append(b, 0xcf), uint64(p))
		}
	}
	return prefix + "_" + base64.RawURLEncoding.EncodeToString(b)
}
