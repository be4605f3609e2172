package main

import (
	"encoding/json"
	"fmt"
	"maps"
	"slices"
)

// rawPoll is one line of the GitHub file: what a poll saw change since the last.
type rawPoll struct {
	Total   int               `json:"total"`
	Changed []json.RawMessage `json:"changed"`
	Gone    []int             `json:"gone"`
}

// repository is the last state that the polls lead to, in GitHub's own JSON by number.
type repository struct {
	byNumber      map[int]json.RawMessage
	Issues, Pulls int
}

// fold applies the polls in order.
func fold(path string) (repository, error) {
	r := repository{byNumber: map[int]json.RawMessage{}}
	total := 0
	err := eachLine(path, func(line []byte) error {
		var p rawPoll
		if err := json.Unmarshal(line, &p); err != nil {
			return fmt.Errorf("decode poll: %w", err)
		}
		for _, is := range p.Changed {
			var head struct {
				Number int `json:"number"`
			}
			if err := json.Unmarshal(is, &head); err != nil {
				return fmt.Errorf("decode issue: %w", err)
			}
			r.byNumber[head.Number] = is
		}
		for _, n := range p.Gone {
			delete(r.byNumber, n)
		}
		total = p.Total
		return nil
	})
	if err == nil && total != len(r.byNumber) {
		err = fmt.Errorf("the polls lead to %d issues, the last one says %d", len(r.byNumber), total)
	}
	if err != nil {
		return repository{}, err
	}
	return r, r.tell()
}

// tell counts issues apart from pull requests, which GitHub lists among them.
func (r *repository) tell() error {
	for n, raw := range r.byNumber {
		var is struct {
			Pull *struct{} `json:"pull_request"`
		}
		if err := json.Unmarshal(raw, &is); err != nil {
			return fmt.Errorf("decode issue %d: %w", n, err)
		}
		if is.Pull != nil {
			r.Pulls++
		} else {
			r.Issues++
		}
	}
	return nil
}

func (r *repository) encode(enc *json.Encoder) error {
	for _, n := range slices.Sorted(maps.Keys(r.byNumber)) {
		if err := enc.Encode(r.byNumber[n]); err != nil {
			return err
		}
	}
	return nil
}
