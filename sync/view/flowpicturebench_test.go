package view

import "testing"

// BenchmarkPictures measures a board of 100,000 cards.
func BenchmarkPictures(b *testing.B) {
	in := crowd(100000, 500, 1)
	b.Run("flow", func(b *testing.B) {
		for b.Loop() {
			NewFlowPicture(in, FlowQuery{})
		}
	})
	b.Run("workload", func(b *testing.B) {
		for b.Loop() {
			NewWorkload(in, FlowQuery{})
		}
	})
}
