package connectors

import (
	"fmt"
	"time"
)

// Expiring is what a tracker offers that says when its credential ends.
type Expiring interface {
	// Expires is when the credential ends by the newest answer; zero where no answer said
	// that it does.
	Expires() time.Time
}

// noticeOfExpiry is how long before its end a credential is spoken of.
const noticeOfExpiry = 14 * 24 * time.Hour

// ExpiryNotice says in plain words that a credential ends soon, in the zone of ends; ""
// where it has no end or that is further away than two weeks.
func ExpiryNotice(ends, now time.Time) string {
	left := ends.Sub(now)
	if ends.IsZero() || left > noticeOfExpiry {
		return ""
	}
	day := ends.Format(time.DateTime)
	switch days := int(left / (24 * time.Hour)); {
	case left <= 0:
		return "the token ended on " + day
	case days == 0:
		return "the token ends on " + day + ", in less than a day"
	case days == 1:
		return "the token ends on " + day + ", in a day"
	default:
		return fmt.Sprintf("the token ends on %s, in %d days", day, days)
	}
}
