package view

import (
	"strings"

	"parley/kanban"
)

// Audience is who looks at the board: "ops", "it", "wall", or "unit:KEY" for a business
// unit. Any other, the empty one too, sees masked cards only.
type Audience string

// The audiences that every board has. Units come beside them, see UnitAudience.
const (
	AudienceOps  Audience = "ops"
	AudienceIT   Audience = "it"
	AudienceWall Audience = "wall"
)

// unitPrefix marks the audience of a business unit.
const unitPrefix = "unit:"

// UnitAudience is the audience of a business unit.
func UnitAudience(key kanban.UnitKey) Audience { return Audience(unitPrefix + string(key)) }

// Unit is the business unit of an audience, "" where it is none.
func (a Audience) Unit() kanban.UnitKey {
	key, ok := strings.CutPrefix(string(a), unitPrefix)
	if !ok {
		return ""
	}
	return kanban.UnitKey(key)
}

// Viewer is one person, or one screen, that looks.
type Viewer struct {
	Audience Audience
	Role     kanban.Role // what they may do; "" is a viewer's
	Name     string      // as they are called in accounts of what happened
	// Proved says that they showed who they are. To anybody else restricted cards stay
	// closed whatever the policy says.
	Proved bool
	// Link says that they came by a read-only link and have no account: they change
	// nothing, whatever their role.
	Link bool
}

// Somebody is whoever sits at this machine: an ops lead who did not have to say so.
func Somebody() Viewer { return Viewer{Audience: AudienceOps, Role: kanban.Ops} }

// Owns reports whether a card is of the unit that the viewer looks for.
func (w Viewer) Owns(unit kanban.UnitKey) bool {
	own := w.Audience.Unit()
	return own != "" && own != kanban.UnitUnassigned && own == unit
}
