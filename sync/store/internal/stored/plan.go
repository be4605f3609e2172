package stored

// Of plans so many are kept, and found by a beginning of their hash of at least so
// many characters.
const (
	MaxPlans  = 100
	MinPrefix = 8
)

// PlanName is a hash, or the beginning of one, as it is stored, and the end of the
// hashes that begin with it: the first text that comes after all of them. For a
// beginning too short to name a plan that is the name itself, so that none does.
func PlanName(hash string) (name, end string) {
	name = Fold(hash)
	if len(name) < MinPrefix {
		return name, name
	}
	return name, name + "\U0010FFFF"
}
