package view

import (
	"fmt"
	"slices"
	"strings"
)

// Verdict says in a few words whether the sides of a card agree on a field.
type Verdict struct {
	Kind string // agree, differs, saving, held, left; alone where one side is all there is
	Text string
}

// Verdict is how the field stands between the sides that this viewer sees.
func (s FieldStory) Verdict() Verdict {
	if w := s.open(); w != nil && w.State == "held" {
		return Verdict{"held", fmt.Sprintf("Not sent to %s: %s", productName(w.Side), w.To)}
	} else if w != nil {
		return Verdict{"saving", fmt.Sprintf("Saving to %s: %s", productName(w.Side), w.To)}
	}
	var differ []string
	for _, sd := range s.Sides {
		if !sd.Agrees && sd.Means != "no opinion" {
			differ = append(differ, strings.TrimSpace(sd.Native+" in "+productName(sd.Side)))
		}
	}
	switch {
	case s.Frozen != "" && len(differ) > 0:
		return Verdict{"left", s.Name + " is left alone: " + strings.Join(differ, ", ")}
	case s.Frozen != "":
		return Verdict{"left", s.Name + " is left alone"}
	case len(differ) > 0:
		return Verdict{"differs", s.Name + " differs: " + strings.Join(differ, ", ")}
	case len(s.Sides) < 2:
		return Verdict{"alone", ""}
	default:
		return Verdict{"agree", "agree"}
	}
}

// open is the newest write of the field that has not arrived.
func (s FieldStory) open() *WriteStory {
	i := slices.IndexFunc(s.Writes, func(w WriteStory) bool {
		return slices.Contains([]string{"planned", "held", "sending", "acked", "unknown"}, w.State)
	})
	if i < 0 {
		return nil
	}
	return &s.Writes[i]
}

func productName(side string) string {
	switch side {
	case "jira":
		return "Jira"
	case "github":
		return "GitHub"
	default:
		return side
	}
}
