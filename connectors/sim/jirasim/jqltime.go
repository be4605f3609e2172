package jirasim

import (
	"regexp"
	"strconv"
	"strings"
	"time"
)

var (
	epochText  = regexp.MustCompile(`^-?\d+$`)
	periodText = regexp.MustCompile(`^[+-]?(\d+[wdhm])( \d+[wdhm])*$`)
)

// jqlTime reads a date operand. Epoch milliseconds count only unquoted; wall
// clock texts are read in the searching user's zone and know no seconds.
func jqlTime(v value, field string, now time.Time, zone *time.Location) (time.Time, *Refusal) {
	switch {
	case v.call && v.text == "now":
		return now, nil
	case v.call:
		return time.Time{}, invalid("Unable to find JQL function '%s()'.", v.text)
	case !v.quoted && epochText.MatchString(v.text):
		ms, err := strconv.ParseInt(v.text, 10, 64)
		if err == nil {
			return time.UnixMilli(ms).UTC(), nil
		}
	case periodText.MatchString(strings.ToLower(v.text)):
		return now.Add(period(strings.ToLower(v.text))), nil
	}
	for _, layout := range []string{"2006-01-02 15:04", "2006/01/02 15:04", time.DateOnly, "2006/01/02"} {
		if t, err := time.ParseInLocation(layout, v.text, zone); err == nil {
			return t.UTC(), nil
		}
	}
	return time.Time{}, invalid("Date value '%s' for field '%s' is invalid. Valid formats include: 'yyyy/MM/dd HH:mm', 'yyyy-MM-dd HH:mm', "+
		"'yyyy/MM/dd', 'yyyy-MM-dd', or a period format e.g. '-5d', '4w 2d'.", v.text, field)
}

// period reads "-10m", "4w 2d"; the text is known to be one.
func period(text string) time.Duration {
	units := map[byte]time.Duration{'m': time.Minute, 'h': time.Hour, 'd': 24 * time.Hour, 'w': 7 * 24 * time.Hour}
	var sum time.Duration
	for part := range strings.FieldsSeq(strings.TrimLeft(text, "+-")) {
		n, err := strconv.Atoi(part[:len(part)-1])
		if err != nil || n > 100000 {
			n = 100000
		}
		sum += time.Duration(n) * units[part[len(part)-1]]
	}
	if strings.HasPrefix(text, "-") {
		return -sum
	}
	return sum
}
