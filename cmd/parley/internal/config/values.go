package config

import (
	"errors"
	"strconv"
	"strings"
	"time"
)

// Duration is written as "30s", "5m" or "1h30m". One that cannot be read stays zero
// and is reported by Load, together with all else that is wrong.
type Duration struct {
	time.Duration
	text string
	err  error
}

// UnmarshalText reads a duration; it never fails.
func (d *Duration) UnmarshalText(text []byte) error {
	d.text = string(text)
	d.Duration, d.err = time.ParseDuration(d.text)
	return nil
}

// MarshalText writes it as it is read.
func (d Duration) MarshalText() ([]byte, error) { return []byte(d.String()), nil }

// Percent is written as "20%". One that cannot be read is reported by Load.
type Percent struct {
	Share float64 // 0 to 1
	err   error
}

var errPercent = errors.New("not a percentage")

// UnmarshalText reads a percentage from 0% to 100%. It never fails: what is wrong is
// kept, to be reported with all else.
func (p *Percent) UnmarshalText(text []byte) error {
	number, ok := strings.CutSuffix(strings.TrimSpace(string(text)), "%")
	value, err := strconv.ParseFloat(strings.TrimSpace(number), 64)
	*p = Percent{err: errPercent}
	if ok && err == nil && value >= 0 && value <= 100 {
		*p = Percent{Share: value / 100}
	}
	return nil
}

// MarshalText writes it as it is read.
func (p Percent) MarshalText() ([]byte, error) {
	return append(strconv.AppendFloat(nil, p.Share*100, 'f', -1, 64), '%'), nil
}

// Values is one text or a list of texts, any of which will do.
type Values []string

// UnmarshalTOML reads either form.
func (v *Values) UnmarshalTOML(data any) error {
	*v = nil
	if text, ok := data.(string); ok {
		*v = Values{text}
		return nil
	}
	list, ok := data.([]any)
	if !ok {
		return errors.New("neither a text nor a list of texts")
	}
	for _, item := range list {
		text, ok := item.(string)
		if !ok {
			return errors.New("a list with something else than texts in it")
		}
		*v = append(*v, text)
	}
	return nil
}
