// Package transfer carries everything that a store holds into another one: at once, as a
// move between two stores, or by way of a file, as a backup and its restoring.
//
// It knows no table by name but the few that tell of the store itself; which tables and
// columns there are is asked of the store, so that what a migration adds goes along. Rows
// are compared by a checksum of a form that does not depend on the engine.
package transfer
