package sim

import (
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"slices"
)

// ControlPath is where Control answers.
const ControlPath = "/_sim/faults"

// maxOrder is how much of a request to the control is read.
const maxOrder = 1 << 20

// Control lets tests in other programs ask for faults while the simulator runs: at
// ControlPath POST takes an order, GET tells what can be asked for and what is in force,
// DELETE ends it. All other requests go to h. It is not behind the log and the faults,
// and belongs on the simulator's own address only.
func Control(h http.Handler, s *Script) http.Handler { return control(ControlPath, h, s) }

func control(path string, h http.Handler, s *Script) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Path != path {
			h.ServeHTTP(w, r)
			return
		}
		var err error
		switch r.Method {
		case http.MethodGet:
		case http.MethodDelete:
			s.Clear()
		case http.MethodPost:
			err = s.take(r)
		default:
			w.Header().Set("Allow", "GET, POST, DELETE")
			answer(w, http.StatusMethodNotAllowed, map[string]string{"error": "use GET, POST or DELETE"})
			return
		}
		if err != nil {
			answer(w, http.StatusBadRequest, map[string]string{"error": err.Error()})
			return
		}
		answer(w, http.StatusOK, s.state())
	})
}

func answer(w http.ResponseWriter, status int, body any) {
	w.Header().Set("Content-Type", "application/json")
	w.WriteHeader(status)
	_ = json.NewEncoder(w).Encode(body) // the client is gone; there is nobody to tell
}

// order is the body of a POST to the control.
type order struct {
	Faults []ordered `json:"faults"`
	Share  *float64  `json:"share"` // of all other requests, by chance
	Clear  bool      `json:"clear"` // end what is in force first
}

// ordered is a rule as it is written: a fault by name, or an answer of one's own.
type ordered struct {
	Name   string            `json:"name"`
	Status int               `json:"status"`
	Header map[string]string `json:"header"`
	Body   string            `json:"body"`
	Method string            `json:"method"`
	Path   string            `json:"path"`
	Times  int               `json:"times"`
	Share  float64           `json:"share"`
}

// take does what an order says, or nothing of it.
func (s *Script) take(r *http.Request) error {
	if !sendsJSON(r) {
		return fmt.Errorf("send application/json")
	}
	var o order
	dec := json.NewDecoder(io.LimitReader(r.Body, maxOrder))
	dec.DisallowUnknownFields()
	if err := dec.Decode(&o); err != nil {
		return fmt.Errorf("read the order: %w", err)
	}
	rules := make([]Rule, len(o.Faults))
	for i, f := range o.Faults {
		var err error
		if rules[i], err = s.rule(f); err != nil {
			return fmt.Errorf("faults[%d]: %w", i, err)
		}
	}
	if o.Share != nil && (*o.Share < 0 || *o.Share > 1) {
		return fmt.Errorf("share: %g is not between 0 and 1", *o.Share)
	}
	if o.Clear {
		s.Clear()
	}
	for _, rule := range rules {
		s.Add(rule)
	}
	if o.Share != nil {
		s.ByChance(*o.Share)
	}
	return nil
}

func (s *Script) rule(f ordered) (Rule, error) {
	if f.Share < 0 || f.Share > 1 || f.Times < 0 {
		return Rule{}, fmt.Errorf("share lies between 0 and 1, and times is not negative")
	}
	out := Rule{Method: f.Method, Path: f.Path, Times: f.Times, Share: f.Share}
	if f.Status != 0 {
		if f.Status < 200 || f.Status > 599 {
			return Rule{}, fmt.Errorf("status: %d is none between 200 and 599", f.Status)
		}
		if f.Name == "" {
			f.Name = "own"
		}
		own := Fault{Name: f.Name, Status: f.Status, Header: f.Header, Body: f.Body}
		out.Fault = func() Fault { return own }
		return out, nil
	}
	at := slices.IndexFunc(s.kinds, func(k Kind) bool { return k.Name == f.Name })
	if at < 0 {
		return Rule{}, fmt.Errorf("there is no fault %q; GET %s lists them, or give a status", f.Name, ControlPath)
	}
	out.Fault = s.kinds[at].Make
	return out, nil
}

// state is what the control answers.
func (s *Script) state() any {
	type known struct {
		Name     string `json:"name"`
		About    string `json:"about"`
		OnDemand bool   `json:"on_demand"`
	}
	type rule struct {
		Name   string  `json:"name"`
		Method string  `json:"method,omitempty"`
		Path   string  `json:"path,omitempty"`
		Times  int     `json:"times,omitempty"`
		Share  float64 `json:"share,omitempty"`
		Hits   int     `json:"hits"`
	}
	out := struct {
		Known []known `json:"known"`
		Rules []rule  `json:"rules"`
		Share float64 `json:"share"`
		Hits  int     `json:"hits"` // by chance
	}{Rules: []rule{}}
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, k := range s.kinds {
		out.Known = append(out.Known, known{k.Name, k.About, k.OnDemand})
	}
	for _, a := range s.rules {
		out.Rules = append(out.Rules, rule{a.name, a.Method, a.Path, a.Times, a.Share, a.hits})
	}
	out.Share, out.Hits = s.share, s.hits
	return out
}
