package simulate

// item is something that goes on at a moment of virtual time.
type item struct {
	at   int64  // nanoseconds since 1970
	tie  uint64 // orders what happens at one moment; drawn from the seed
	do   func() // what happens by itself; or else
	act  *task  // the coroutine that goes on,
	turn uint64 // if it has not gone on since
}

// queue is a heap of what is to come, the next one first. Everything that happens in
// a run happens because it was the next one here.
type queue []item

func less(q []item, i, j int) bool {
	if q[i].at != q[j].at {
		return q[i].at < q[j].at
	}
	return q[i].tie < q[j].tie
}

func (q *queue) push(it item) {
	h := append(*q, it)
	for i := len(h) - 1; i > 0; {
		up := (i - 1) / 2
		if !less(h, i, up) {
			break
		}
		h[i], h[up] = h[up], h[i]
		i = up
	}
	*q = h
}

func (q *queue) pop() item {
	h := *q
	first, n := h[0], len(h)-1
	h[0], h[n] = h[n], item{}
	h = h[:n]
	for i := 0; ; {
		down := 2*i + 1
		if down >= n {
			break
		}
		if right := down + 1; right < n && less(h, right, down) {
			down = right
		}
		if !less(h, down, i) {
			break
		}
		h[i], h[down] = h[down], h[i]
		i = down
	}
	*q = h
	return first
}
