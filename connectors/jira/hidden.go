package jira

import (
	"context"
	"slices"
	"time"

	"parley/connectors"
)

// How often projects are looked at outside of a Check: those that a search may have
// failed for, and those that were hidden.
const (
	suspectEvery = time.Minute
	hiddenEvery  = 5 * time.Minute
)

// hide remembers the projects that cannot be read.
func (c *Client) hide(containers []connectors.Container) {
	var hidden []string
	for _, p := range containers {
		if !p.Readable {
			hidden = append(hidden, p.Key)
		}
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	c.hidden, c.looked = hidden, c.config.Now()
}

// visible is the configured projects without those that could not be read when they
// were last looked at; all of them where that would leave none. It is part of what a
// cursor belongs to: a project that becomes readable is read from its beginning.
func (c *Client) visible() []string {
	left := c.leftOut()
	return slices.DeleteFunc(slices.Clone(c.config.Projects), func(p string) bool { return slices.Contains(left, p) })
}

// leftOut is the projects that are known not to be readable, none where nothing else
// would be left.
func (c *Client) leftOut() []string {
	c.mu.Lock()
	defer c.mu.Unlock()
	if len(c.hidden) == 0 || len(c.hidden) == len(c.config.Projects) {
		return nil
	}
	return slices.Clone(c.hidden)
}

// seekHidden looks now and then whether hidden projects have come back.
func (c *Client) seekHidden(ctx context.Context) error {
	c.mu.Lock()
	hidden, due := slices.Clone(c.hidden), c.config.Now().Sub(c.looked) >= hiddenEvery
	c.mu.Unlock()
	if len(hidden) == 0 || !due {
		return nil
	}
	_, err := c.look(ctx, hidden)
	return err
}

// suspect looks, after a search was refused, whether one of its projects is to blame:
// Data Center refuses all of it for one project that the account does not see any more.
func (c *Client) suspect(ctx context.Context, refused error) (found bool, err error) {
	c.mu.Lock()
	recent := c.config.Now().Sub(c.suspected) < suspectEvery
	c.mu.Unlock()
	if recent || connectors.KindOf(refused) != connectors.Invalid {
		return false, nil
	}
	found, err = c.look(ctx, c.visible())
	c.mu.Lock()
	defer c.mu.Unlock()
	c.suspected = c.config.Now()
	return found, err
}

// look finds out which of these projects can be read, and reports whether some were
// found hidden.
func (c *Client) look(ctx context.Context, projects []string) (found bool, err error) {
	readable := map[string]bool{}
	for _, key := range projects {
		if readable[key], err = c.readable(ctx, key); err != nil {
			return false, err
		}
		found = found || !readable[key]
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	c.looked = c.config.Now()
	c.hidden = slices.DeleteFunc(slices.Clone(c.config.Projects), func(p string) bool {
		seen, asked := readable[p]
		return asked && seen || !asked && !slices.Contains(c.hidden, p)
	})
	return found, nil
}

// readable asks for one project and for the right to browse it. The error is for
// failures that say nothing about the project.
func (c *Client) readable(ctx context.Context, key string) (bool, error) {
	if _, err := c.get(ctx, "read project "+key, "project/"+key, nil, nil); err != nil {
		return false, aside(err)
	}
	missing, err := c.missing(ctx, key)
	if err != nil {
		return false, aside(err)
	}
	return !slices.Contains(missing, "BROWSE_PROJECTS"), nil
}
