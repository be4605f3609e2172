package sim

import (
	"context"
	"net/http"
)

// Receipt tells, in the same process, what a simulator did with one request. Nothing of
// it is in the answer.
type Receipt struct {
	// Fault says that the answer is not the simulator's own, or went wrong on purpose.
	Fault bool
}

// receiptKey holds the receipt that a request asks for.
type receiptKey struct{}

// WithReceipt gives the request and a receipt that is filled in while it is answered.
func WithReceipt(r *http.Request) (*http.Request, *Receipt) {
	receipt := &Receipt{}
	return r.WithContext(context.WithValue(r.Context(), receiptKey{}, receipt)), receipt
}

// noted fills in the receipt of a request that asked for one.
func (f Fault) noted(r *http.Request) {
	if receipt, asked := r.Context().Value(receiptKey{}).(*Receipt); asked {
		receipt.Fault = f.Status != 0 || f.Half || f.Inside != ""
	}
}
