package view

import (
	"context"

	"parley/kanban/contract"
	"parley/kanban/contract/digest"
	"parley/sync/dispatch"
)

// DigestCount counts digests by how they go out and how far they have come.
type DigestCount struct {
	Channel dispatch.Channel
	State   dispatch.State
	Count   int
}

// DigestCounts counts the digests of the last two periods that are over, once for each
// receiver, and those of earlier ones that are still on their way. Two, because what was
// given up was so when the next period ended: of the last one alone none ever is. Every
// channel is there with every state, in the order of package dispatch, also where it is 0.
func (v *Views) DigestCounts(ctx context.Context) ([]DigestCount, error) {
	all, err := v.Source.OpenDispatches(ctx)
	if err != nil {
		return nil, err
	}
	present := contract.PeriodOf(v.Calendar.Of(v.Now()))
	for _, c := range v.Agreements {
		for back := 1; back <= 2; back++ {
			of, err := v.Source.DispatchesOf(ctx, digest.ID(c.Unit, present.Back(back)))
			if err != nil {
				return nil, err
			}
			all = append(all, of...)
		}
	}
	known := map[string]dispatch.Dispatch{}
	for _, d := range all {
		known[d.ID] = d // the open ones of the last periods are read twice
	}
	return counted(known), nil
}

func counted(all map[string]dispatch.Dispatch) (out []DigestCount) {
	for _, channel := range dispatch.Channels() {
		for _, state := range dispatch.States() {
			n := 0
			for _, d := range all {
				if d.Channel == channel && d.State == state {
					n++
				}
			}
			out = append(out, DigestCount{channel, state, n})
		}
	}
	return out
}
