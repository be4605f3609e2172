package demo

// exchange is a question to the requester and the answer.
type exchange struct{ question, answer string }

func exchanges() []exchange {
	return []exchange{
		{"Which counterparties does this concern: all of them, or the twelve in the annex?", "Only the twelve in the annex. The rest follows next quarter."},
		{"The example shows gross amounts. Should the report show net?", "Net, please. Gross was my mistake."},
		{"Who approves when both approvers are away?", "The deputy of the desk. I have added the names to the description."},
		{"Two of the five test cases contradict each other (3 and 5).", "Case 5 is outdated, please use case 3."},
		{"Do you need this for past periods as well?", "From January of this year on. Older periods are closed."},
		{"We need a sample file from the custodian.", "Attached. They confirmed that the format is final."},
		{"What should happen to payments that are already held?", "They stay held until somebody releases them by hand."},
		{"Is rounding per line or per invoice?", "Per invoice, half up. Audit wants it that way."},
		{"May we switch this on for one desk first?", "Yes, start with money market on Monday."},
		{"The rating agency's file has no column for that. Where does it come from?", "From the committee's list, updated every first Tuesday."},
	}
}

// remarks are what developers write in GitHub while they work.
func remarks() []string {
	return []string{
		"Found it: the cache is filled before the calendar is loaded.",
		"First half is merged, behind a switch.",
		"Reproduced with yesterday's file. Writing the test first.",
		"Smaller than I thought. The slow part is the lookup per line.",
		"Needs a migration, so it goes out with the release on Thursday.",
		"Paired on this with Farah, the second data centre behaves the same.",
		"Reverted the first attempt: it broke the netting of two-legged trades.",
		"Left a note in the runbook for whoever is on call.",
	}
}

// reason is the sentence that a request of a unit begins with.
func reason(unit, kind string) string {
	switch {
	case kind == typeIncident:
		return "Noticed by the desk this morning. Work continues by hand, slowly."
	case kind == typeBug:
		return "Found while checking last week's figures. We correct it by hand for now."
	case kind == typeChange:
		return "Decided outside of the bank; the date is fixed."
	case unit == trading:
		return "The desk loses about two hours a day on this."
	case unit == risk:
		return "Asked for by the risk committee; the present way is a spreadsheet."
	case unit == finance:
		return "It delays the monthly close by half a day."
	}
	return "A cause to remove, so that it stops coming back."
}
