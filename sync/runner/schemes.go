package runner

import (
	"errors"
	"slices"

	"parley/connectors"
)

// outOfScheme reports whether a tracker has refused a priority as such: the project may
// use others than it did.
func outOfScheme(err error) bool {
	e, ok := errors.AsType[*connectors.Error](err)
	return ok && e.Kind == connectors.Invalid && e.Field == "priority"
}

// outside reports whether an issue shows a priority that its project does not use as far
// as is known.
func outside(dir connectors.Directory, i connectors.Issue) bool {
	for _, c := range dir.Containers {
		if c.Key == i.Container {
			return c.Priorities != nil && i.Priority.ID != "" && !slices.Contains(c.Priorities, i.Priority.ID)
		}
	}
	return false
}

// doubtSchemes has a tracker's directory read again, once a day, where projects do not use
// all priorities: that is mended where no issue shows it.
func (r *Runner) doubtSchemes(tracker string) {
	dir, _ := r.dirs.of(tracker)
	if slices.ContainsFunc(dir.Containers, func(c connectors.Container) bool { return c.Priorities != nil }) {
		r.dirs.doubt(tracker)
	}
}
