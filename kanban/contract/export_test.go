package contract

// MarkOften lays bookmarks also in short rows.
func (b *Book) MarkOften() { b.few = 1 }

// Marks is after how many events bookmarks lie.
func (b *Book) Marks() (out []int) {
	for _, m := range b.marks {
		out = append(out, m.events)
	}
	return out
}
