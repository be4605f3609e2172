package main

import (
	"context"
	"net/url"
	"strings"

	"parley/cmd/parley/internal/rig"
)

// counts is what the daemon shows, by the board's columns and by what each card says
// of its issues.
type counts struct {
	column   map[string]int
	status   map[string]map[string]int // by tracker
	priority map[string]int            // of Jira issues
}

// card is as much of a card of the API as is counted.
type card struct {
	ID    string `json:"id"`
	Sides []struct {
		Side     string `json:"side"`
		Status   string `json:"status"`
		Priority string `json:"priority"`
	} `json:"sides"`
	Priority *string `json:"priority"`
}

func count(ctx context.Context, d *rig.Daemon) (counts, error) {
	n := counts{column: map[string]int{}, status: map[string]map[string]int{"jira": {}, "github": {}}, priority: map[string]int{}}
	var board struct {
		Columns []struct {
			Key     string `json:"key"`
			Count   int    `json:"count"`
			Earlier int    `json:"earlier"` // ended too long ago to be drawn
		} `json:"columns"`
	}
	if err := d.Read(ctx, "/api/v1/board", &board); err != nil {
		return n, err
	}
	for _, c := range board.Columns {
		n.column[c.Key] = c.Count + c.Earlier
	}
	return n, n.cards(ctx, d)
}

// cards walks the list of all cards.
func (n counts) cards(ctx context.Context, d *rig.Daemon) error {
	after := ""
	for {
		var page struct {
			Cards []card `json:"cards"`
			Next  string `json:"next"`
		}
		if err := d.Read(ctx, "/api/v1/cards?limit=1000&after="+url.QueryEscape(after), &page); err != nil {
			return err
		}
		for _, c := range page.Cards {
			n.add(c)
		}
		if after = page.Next; after == "" {
			return nil
		}
	}
}

func (n counts) add(c card) {
	for _, side := range c.Sides {
		if n.status[side.Side] == nil {
			n.status[side.Side] = map[string]int{}
		}
		n.status[side.Side][rawStatus(side.Side, side.Status)]++
		if side.Side != "jira" {
			continue
		}
		name := side.Priority
		if name == "" && c.Priority == nil {
			name = noPriority
		}
		n.priority[name]++
	}
}

// rawStatus is the part of a status that the raw file holds: the GitHub file has no
// reasons for which issues were closed, and GitHub fills in one.
func rawStatus(side, status string) string {
	if side == "github" {
		status, _, _ = strings.Cut(status, " ")
	}
	return status
}
