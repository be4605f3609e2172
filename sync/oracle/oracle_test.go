package oracle_test

import (
	"testing"
	"time"

	"parley/sync/oracle"
)

func at(second int) time.Time { return time.Date(2026, 11, 23, 9, 0, second, 0, time.UTC) }

func person(second int, value string) oracle.Change {
	return oracle.Change{At: at(second), Value: value}
}

func parley(second int, value string) oracle.Change {
	return oracle.Change{At: at(second), Value: value, Own: true}
}

func TestLost(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		field oracle.Field
		lost  int
	}{
		"it is the final value": {oracle.Field{Sides: [2][]oracle.Change{{person(10, "a")}}}, 0},
		"overwritten where it was made, by somebody who saw it": {
			oracle.Field{Sides: [2][]oracle.Change{{person(10, "a"), person(20, "b")}}}, 0},
		"overwritten by Parley, for nobody": {
			oracle.Field{Sides: [2][]oracle.Change{{person(10, "a"), parley(20, "b")}}}, 1},
		"overwritten for somebody who did not see it": {
			oracle.Field{Sides: [2][]oracle.Change{{person(10, "a"), parley(20, "b")}, {person(12, "b")}}}, 1},
		"and on record": {
			oracle.Field{Sides: [2][]oracle.Change{{person(10, "a"), parley(20, "b")}, {person(12, "b")}}, Kept: []string{"a"}}, 0},
		"overwritten for somebody who saw it in the other tracker": {
			oracle.Field{Sides: [2][]oracle.Change{{person(10, "a"), parley(20, "b")}, {parley(12, "a"), person(17, "b")}}}, 0},
		"overwritten for somebody who saw it in the other tracker and had it before": {
			oracle.Field{Sides: [2][]oracle.Change{{person(10, "a"), parley(20, "b")}, {person(3, "b"), parley(12, "a")}}}, 2},
		"overwritten for somebody who saw it on the board": {
			oracle.Field{Sides: [2][]oracle.Change{{person(10, "a"), parley(20, "b")}}, Drags: []oracle.Drag{{at(15), "a", "b"}}}, 0},
		"overwritten for somebody who saw something else on the board": {
			oracle.Field{Sides: [2][]oracle.Change{{person(10, "a"), parley(20, "b")}}, Drags: []oracle.Drag{{at(15), "c", "b"}}}, 1},
		"overwritten by a late write and written again": {
			oracle.Field{Sides: [2][]oracle.Change{{person(10, "a"), parley(20, "b"), parley(25, "a")}}}, 0},
		"overwritten by a late write, and then by somebody who never saw it": {
			oracle.Field{Sides: [2][]oracle.Change{{person(10, "a"), parley(20, "b"), person(25, "c")}}}, 1},
		"overwritten for somebody who read it where no value is named": {
			oracle.Field{Sides: [2][]oracle.Change{{person(10, "a"), parley(20, "b")}, {{At: at(12), Shows: "a", Own: true}, person(17, "b")}}}, 0},
		"overwritten for somebody who had it before them all the time": {
			oracle.Field{First: [2]string{"a", "a"}, Sides: [2][]oracle.Change{{person(10, "a"), parley(20, "b")}, {person(17, "b")}}}, 0},
		"it means nothing to the board": {
			oracle.Field{Sides: [2][]oracle.Change{{person(10, ""), parley(20, "b")}}}, 0},
		"both lose": {
			oracle.Field{Sides: [2][]oracle.Change{{person(10, "a"), parley(20, "c")}, {person(10, "b"), parley(20, "c")}}}, 2},
	} {
		if got := c.field.Lost(); len(got) != c.lost {
			t.Errorf("%s: %v are lost, want %d", name, got, c.lost)
		}
	}
}
