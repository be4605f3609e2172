package signin

import (
	"container/list"
	"context"
	"sync"
	"time"
)

// mostSessions is how many sign-ins are kept. Of more, those unused for longest end.
const mostSessions = 10000

// sessions keeps the sign-ins of this process, in memory: after a restart everybody is
// sent to the provider once more, and no store or backup holds what opens the board. It
// is the store of scs, which hands it hashes of tokens only.
type sessions struct {
	idle, life time.Duration
	now        func() time.Time

	mu    sync.Mutex
	all   map[string]*list.Element
	order *list.List // of *session, the last used in front
}

type session struct {
	token string // its hash
	data  []byte
	used  time.Time
	end   time.Time
}

func newSessions(idle, life time.Duration, now func() time.Time) *sessions {
	return &sessions{idle: idle, life: life, now: now, all: map[string]*list.Element{}, order: list.New()}
}

// quiet marks the context of what a page asks by itself: it keeps no session alive.
type quiet struct{}

// FindCtx gives a session that has not ended, and counts it as used.
func (s *sessions) FindCtx(ctx context.Context, token string) ([]byte, bool, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	at, ok := s.all[token]
	if !ok {
		return nil, false, nil
	}
	found, _ := at.Value.(*session)
	now := s.now()
	if !now.Before(found.end) || now.Sub(found.used) >= s.idle {
		s.drop(at)
		return nil, false, nil
	}
	if ctx.Value(quiet{}) == nil {
		found.used = now
		s.order.MoveToFront(at)
	}
	return found.data, true, nil
}

// CommitCtx keeps a session that begins now. How long is not for the caller to say.
func (s *sessions) CommitCtx(_ context.Context, token string, data []byte, _ time.Time) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	if at, ok := s.all[token]; ok {
		s.drop(at)
	}
	now := s.now()
	s.all[token] = s.order.PushFront(&session{token: token, data: data, used: now, end: now.Add(s.life)})
	if s.order.Len() > mostSessions {
		s.drop(s.order.Back())
	}
	return nil
}

// DeleteCtx ends a session.
func (s *sessions) DeleteCtx(_ context.Context, token string) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	if at, ok := s.all[token]; ok {
		s.drop(at)
	}
	return nil
}

// drop takes a session out. The lock is held.
func (s *sessions) drop(at *list.Element) {
	if gone, ok := s.order.Remove(at).(*session); ok {
		delete(s.all, gone.token)
	}
}

// Find is FindCtx.
func (s *sessions) Find(token string) ([]byte, bool, error) {
	return s.FindCtx(context.Background(), token)
}

// Commit is CommitCtx.
func (s *sessions) Commit(token string, data []byte, end time.Time) error {
	return s.CommitCtx(context.Background(), token, data, end)
}

// Delete is DeleteCtx.
func (s *sessions) Delete(token string) error { return s.DeleteCtx(context.Background(), token) }
