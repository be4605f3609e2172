package githubsim

import "slices"

// Noise is something that happens around an issue and changes nothing in it. On
// GitHub three of four moves of updated_at are of this sort.
type Noise string

// Kinds of noise, by what they leave behind: the history of an issue and the feed of
// its repository show the first group, its timeline all but the reaction.
const (
	Mention         Noise = "mentioned"  // somebody is named in a text
	CommitReference Noise = "referenced" // a commit names the issue
	Subscription    Noise = "subscribed" // moves nothing

	CrossReference Noise = "cross-referenced" // another issue names it
	Review         Noise = "reviewed"         // pull requests only
	ForcePush      Noise = "head_ref_force_pushed"

	Reaction Noise = "reaction" // a thumb up; moves nothing
)

// MakeNoise lets something happen around an issue. It fails where the issue is not
// there, where the actor may not look at it, and for a review or push of what is no
// pull request.
func (h *Hub) MakeNoise(actor, name string, number int, kind Noise) error {
	return h.on(actor, name, number, func(a act, is *issue) error {
		switch {
		case !a.can(is.repo, Read):
			return refuse(404, "Not Found")
		case !is.pull && (kind == Review || kind == ForcePush):
			return refuse(422, "Not a pull request")
		}
		a.noise(is, kind)
		return nil
	})
}

func (a act) noise(is *issue, kind Noise) {
	switch kind {
	case Reaction:
		is.thumbs++
		is.repo.version++
		return
	case Subscription:
	default:
		a.change(is, func(*state) {})
	}
	switch kind {
	case CrossReference, Review, ForcePush:
		a.aside(is, string(kind))
	default:
		a.record(is, event{kind: string(kind)})
	}
}

// aside adds to the timeline of an issue alone.
func (a act) aside(is *issue, kind string) {
	is.asides = append(is.asides, &event{id: a.w.ids.event(a.at), issue: is, actor: a.who, at: a.at, kind: kind})
	is.repo.version++
}

// source is the issue that a cross-reference came from: the newest other one.
func (c *call) source(is *issue) *sourceJSON {
	for _, other := range slices.Backward(is.repo.issues) {
		if other != is {
			return &sourceJSON{Type: "issue", Issue: c.show(other, other.state)}
		}
	}
	return &sourceJSON{Type: "issue", Issue: c.show(is, is.state)}
}

type sourceJSON struct {
	Type  string     `json:"type"`
	Issue *issueJSON `json:"issue"`
}
