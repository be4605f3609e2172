package official

import (
	"bytes"
	"encoding/json"
	"regexp"
)

// withoutNulls drops members that are null. What is no JSON stays as it is.
func withoutNulls(raw []byte) []byte {
	if !bytes.Contains(raw, []byte("null")) {
		return raw
	}
	var v any
	dec := json.NewDecoder(bytes.NewReader(raw))
	dec.UseNumber()
	if dec.Decode(&v) != nil {
		return raw
	}
	out, err := json.Marshal(pruned(v))
	if err != nil {
		return raw
	}
	return out
}

func pruned(v any) any {
	switch x := v.(type) {
	case map[string]any:
		for k, member := range x {
			if member == nil {
				delete(x, k)
				continue
			}
			x[k] = pruned(member)
		}
	case []any:
		for i, member := range x {
			x[i] = pruned(member)
		}
	}
	return v
}

var numberedTime = regexp.MustCompile(`"created":(\d+)`)

// quotedTimes makes texts of times that are numbers.
func quotedTimes(raw []byte) []byte { return numberedTime.ReplaceAll(raw, []byte(`"created":"$1"`)) }
