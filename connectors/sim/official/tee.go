package official

import "net/http"

// tee hands an answer on and keeps it.
type tee struct {
	http.ResponseWriter

	status int
	body   []byte
}

// WriteHeader keeps the status.
func (w *tee) WriteHeader(status int) {
	if w.status == 0 {
		w.status = status
	}
	w.ResponseWriter.WriteHeader(status)
}

// Write keeps what is written.
func (w *tee) Write(p []byte) (int, error) {
	if w.status == 0 {
		w.status = http.StatusOK
	}
	w.body = append(w.body, p...)
	return w.ResponseWriter.Write(p)
}

// Flush sends what was written so far.
func (w *tee) Flush() {
	if f, ok := w.ResponseWriter.(http.Flusher); ok {
		f.Flush()
	}
}
