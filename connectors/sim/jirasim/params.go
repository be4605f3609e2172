package jirasim

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"strconv"
	"strings"
)

// badPayload is the answer to a body that is not what the endpoint takes.
func badPayload() *Refusal {
	return invalid("Invalid request payload. Refer to the REST API documentation and try again.")
}

// maxBody is how much of a request body is read.
const maxBody = 4 << 20

// decode reads the JSON body into v. With strict, a property that v has not is
// refused.
func (c *call) decode(v any, strict bool) error {
	raw, err := io.ReadAll(io.LimitReader(c.r.Body, maxBody))
	if err != nil {
		return badPayload()
	}
	dec := json.NewDecoder(bytes.NewReader(raw))
	if strict {
		dec.DisallowUnknownFields()
	}
	if dec.Decode(v) != nil || dec.More() {
		return badPayload()
	}
	return nil
}

func (c *call) query(name string) string { return c.r.URL.Query().Get(name) }

// list reads a parameter that is repeated or separated by commas.
func (c *call) list(name string) []string {
	var out []string
	for _, v := range c.r.URL.Query()[name] {
		for part := range strings.SplitSeq(v, ",") {
			if part = strings.TrimSpace(part); part != "" {
				out = append(out, part)
			}
		}
	}
	return out
}

// number reads an integer parameter.
func (c *call) number(name string, absent int) (int, error) {
	text := c.query(name)
	if text == "" {
		return absent, nil
	}
	n, err := strconv.Atoi(text)
	if err != nil {
		return 0, &problem{http.StatusBadRequest, "Bad Request", fmt.Sprintf("Failed to convert '%s' with value: '%s'", name, text)}
	}
	return n, nil
}

// span is a page of an offset-paged list.
type span struct{ start, size int }

// page reads startAt and maxResults; size is the default and the most there is.
func (c *call) page(size int) (span, error) {
	start, err := c.number("startAt", 0)
	if err != nil {
		return span{}, err
	}
	n, err := c.number("maxResults", size)
	if err != nil {
		return span{}, err
	}
	if start < 0 || n < 0 {
		return span{}, invalid("startAt and maxResults must not be negative.")
	}
	return span{start, min(n, size)}, nil
}

// cut gives the part of a list that the page shows.
func cut[T any](all []T, p span) []T {
	from := min(p.start, len(all))
	return all[from:min(from+p.size, len(all))]
}

// pageOf is a page of a list in its envelope.
func pageOf[T any](p span, all []T, show func(T) obj) obj {
	values := []obj{}
	for _, v := range cut(all, p) {
		values = append(values, show(v))
	}
	return obj{"startAt": p.start, "maxResults": p.size, "total": len(all), "isLast": p.start+len(values) >= len(all), "values": values}
}

// linkPages adds to a page of a list its own address and that of the next one.
func (c *call) linkPages(page obj, path string, p span, total int) {
	page["self"] = c.self("%s?maxResults=%d&startAt=%d", path, p.size, p.start)
	if next := p.start + p.size; p.size > 0 && next < total {
		page["nextPage"] = c.self("%s?maxResults=%d&startAt=%d", path, p.size, next)
	}
}

// flexible is an id that may be sent as a number or as a text.
type flexible string

// UnmarshalJSON reads either form.
func (f *flexible) UnmarshalJSON(raw []byte) error {
	var text string
	if json.Unmarshal(raw, &text) == nil {
		*f = flexible(text)
		return nil
	}
	var n json.Number
	if err := json.Unmarshal(raw, &n); err != nil {
		return fmt.Errorf("read id: %w", err)
	}
	*f = flexible(n.String())
	return nil
}

func texts(in []flexible) []string {
	out := make([]string, len(in))
	for i, f := range in {
		out[i] = string(f)
	}
	return out
}
