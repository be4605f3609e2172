package web

import "net/http"

// healthz says that the process is up, and nothing else to anybody.
func (s *server) healthz(w http.ResponseWriter, _ *http.Request) {
	writeJSON(w, http.StatusOK, map[string]any{"ok": true})
}

// readyz says whether the board can be believed. Why not names trackers and projects: it
// is told to those who run them.
func (s *server) readyz(w http.ResponseWriter, r *http.Request) {
	ok, reasons := s.Health.Ready(r.Context())
	status := http.StatusOK
	if !ok {
		status = http.StatusServiceUnavailable
	}
	if who, err := s.whoIs(r); err != nil || !inside(who) || reasons == nil {
		reasons = []string{}
	}
	writeJSON(w, status, map[string]any{"ready": ok, "reasons": reasons})
}
