package web

import (
	"parley/kanban"
	"parley/kanban/flow"
	"parley/sync/view"
	"parley/web/chart"
)

// solvedFigure tells of problems that were solved whether what they should have ended came
// back.
func solvedFigure(p view.FlowPicture, w flowWays) chart.Figure {
	days := kanban.Count(flow.Watched, "day", "days")
	f := chart.Figure{ID: "solved", Title: "Did it come back", Note: "problem cards that were done, and the unplanned cards that share something with them, within " + days + " before and after"}
	f.Table = chart.Table{Key: "solved", Caption: "Solved problems, the latest first", Head: append(append(chart.Words("Problem", "Title", "They share", "Solved"), chart.Nums("Came before", "Came after")...), chart.Words("Says")...)}
	for _, x := range p.Solved {
		f.Table.Add(cardCell(x.CardName), x.Title, x.Trace, x.Solved, x.Before, w.num(x.Back), solvedWords(x))
	}
	if len(p.Solved) == 0 {
		f.Refused = "No problem card was done lately that three unplanned cards share a component, a label or a title with."
	}
	return f
}

func solvedWords(x view.SolvedProblem) string {
	switch {
	case x.Back.N > 0:
		return "it came back"
	case x.Settled:
		return "it did not come back"
	}
	return "not so far"
}

// draftsFigure holds problem cards that are ready to be copied.
func draftsFigure(p view.FlowPicture, w flowWays) chart.Figure {
	f := chart.Figure{ID: "drafts", Title: "Problem cards to make", Note: "one for each thing that comes back, the dearest first; copy the text into a new issue"}
	f.Table = chart.Table{Key: "drafts", Caption: "Proposed problem cards", Head: append(append(chart.Words("Title"), chart.Nums("Cards", "Cost, days")...), chart.Words("Text")...)}
	for _, c := range p.Clusters {
		if c.Draft != nil {
			f.Table.Add(c.Draft.Title, w.num(c.Cards), c.Draft.Days, c.Draft.Text)
		}
	}
	if len(f.Table.Rows) == 0 {
		f.Refused = "Nothing comes back that no problem card was made for."
	}
	return f
}
