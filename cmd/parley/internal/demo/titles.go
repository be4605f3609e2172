package demo

// idea is what a piece of work is about.
type idea struct {
	kind  string // a Jira issue type; for work of IT's own a GitHub label, or ""
	repo  string // where it would be developed
	title string
}

// Business units of the company.
const (
	trading = "trading"
	risk    = "risk"
	finance = "finance"
)

// ideas gives what a unit asks for; "" is what IT sets itself.
func ideas(unit string) []idea {
	switch unit {
	case trading:
		return tradingIdeas()
	case risk:
		return riskIdeas()
	case finance:
		return financeIdeas()
	}
	return itIdeas()
}

// epics are the programmes that requests belong to.
func epics(unit string) []string {
	switch unit {
	case trading:
		return []string{"Same-day settlement", "One confirmation desk"}
	case risk:
		return []string{"Intraday limits", "Counterparty data in one place"}
	default:
		return []string{"Close in three days", "Paperless invoices"}
	}
}

func tradingIdeas() []idea {
	const p, i = paymentsRepo, infraRepo
	return []idea{
		{typeIncident, p, "Nightly settlement run stopped at trade 41,208"},
		{typeIncident, p, "Confirmations to Northgate Custody are sent twice"},
		{typeIncident, i, "Market data feed silent since 09:12"},
		{typeIncident, p, "Trades booked after 17:30 get tomorrow's date"},
		{typeIncident, p, "Settlement file rejected by the clearing house: field 22F"},
		{typeIncident, i, "Blotter logs everybody out every ten minutes"},
		{typeBug, p, "Partial fills are shown as cancelled in the blotter"},
		{typeBug, p, "Average price is rounded before fees instead of after"},
		{typeBug, p, "Bond coupons on leap days are paid a day late"},
		{typeBug, p, "Search by ISIN misses lower-case input"},
		{typeBug, p, "Cancel and rebook loses the broker's reference"},
		{typeBug, i, "Blotter export cuts off after 65,536 rows"},
		{typeRequest, p, "Same-day settlement for Swiss equities"},
		{typeRequest, p, "Match confirmations by broker reference first"},
		{typeRequest, p, "Show failed settlements by age and counterparty"},
		{typeRequest, p, "Allocate block trades across up to 50 funds"},
		{typeRequest, p, "Warn before a trade misses the CREST cut-off"},
		{typeRequest, p, "Reconcile cash positions with the custodian every hour"},
		{typeRequest, p, "Support extended settlement of corporate bonds"},
		{typeRequest, p, "Add the trader's desk to every confirmation"},
		{typeRequest, p, "Bulk release of held payments by two people"},
		{typeRequest, p, "Standing settlement instructions from the golden source"},
		{typeRequest, p, "Reject trades in securities on the restricted list"},
		{typeRequest, p, "Show who last touched a trade, and why"},
		{typeRequest, p, "Claim interest for late deliveries automatically"},
		{typeRequest, i, "Read-only access to the blotter for internal audit"},
		{typeRequest, p, "Net payments per counterparty and currency"},
		{typeRequest, p, "Early-morning report of unsettled trades by e-mail"},
		{typeChange, p, "Cut-off for euro payments moves to 16:45"},
		{typeChange, p, "New account numbers of Harbour Clearing"},
		{typeChange, i, "Connect the Warsaw office to the blotter"},
		{typeChange, p, "Fee table of the Vienna exchange from January"},
		{typeBug, p, "Two-legged trades are shown twice in the morning list"},
		{typeBug, i, "Blotter columns forget their order after an update"},
		{typeRequest, p, "Place of settlement on every confirmation"},
		{typeRequest, p, "Hold trades of a client until the papers are complete"},
		{typeRequest, p, "Send late confirmations to the desk head"},
		{typeRequest, p, "Give back-dated trades a reason code"},
		{typeRequest, p, "Match cancellations with the broker's own number"},
		{typeRequest, p, "Keep the trader's comment through settlement"},
		{typeRequest, i, "Blotter search over the last five years"},
		{typeRequest, p, "List trades without standing instructions each noon"},
		{typeRequest, p, "Partial settlement for government bonds"},
		{typeChange, p, "Nordic holiday calendar for next year"},
	}
}

func riskIdeas() []idea {
	const p, i = paymentsRepo, infraRepo
	return []idea{
		{typeIncident, p, "Limit check lets orders pass while the cache refreshes"},
		{typeIncident, i, "Overnight value-at-risk run not finished by 07:00"},
		{typeIncident, p, "Exposure of Meridian Group counted twice"},
		{typeIncident, i, "Risk reports show yesterday's exchange rates"},
		{typeIncident, p, "Margin calls went out in the wrong currency"},
		{typeIncident, i, "Scenario server out of disk during the stress test"},
		{typeBug, p, "Netting ignores agreements signed this year"},
		{typeBug, p, "Limit utilisation above 999% is shown as 99%"},
		{typeBug, i, "Stress report leaves out positions without a rating"},
		{typeBug, p, "Expired collateral still counts until midnight"},
		{typeBug, p, "Country of risk falls back to country of listing"},
		{typeBug, i, "Backtest chart skips public holidays"},
		{typeRequest, p, "Intraday limits for the money market desk"},
		{typeRequest, p, "Stop payments to a counterparty with one switch"},
		{typeRequest, p, "Alert when an exposure grows by more than 20% in an hour"},
		{typeRequest, i, "Keep five years of scenario results online"},
		{typeRequest, p, "Sanction screening before release, not after"},
		{typeRequest, p, "Explain each limit breach in one sentence"},
		{typeRequest, p, "Group exposure by ultimate parent"},
		{typeRequest, i, "Rerun one desk's value-at-risk without the others"},
		{typeRequest, p, "Haircuts by issuer rating for bond collateral"},
		{typeRequest, p, "Four-eyes approval for temporary limit increases"},
		{typeRequest, i, "Daily comparison of front-office and risk prices"},
		{typeRequest, p, "Settlement risk per counterparty on one page"},
		{typeRequest, p, "Large exposure report in the regulator's new format"},
		{typeRequest, i, "Separate test data for model validation"},
		{typeRequest, p, "Show unconfirmed trades in the exposure view"},
		{typeRequest, p, "Freeze limits over the year end"},
		{typeChange, p, "New counterparty rating scale from the committee"},
		{typeChange, i, "Add Singapore to the stress scenarios"},
		{typeChange, p, "Lower the single-payment threshold to 5 million"},
		{typeChange, p, "Retire the old collateral codes"},
		{typeBug, p, "Exposure report rounds yen to two digits"},
		{typeBug, i, "Late prices are counted for the wrong day"},
		{typeRequest, p, "Warn at 80% of a limit, not only at 100%"},
		{typeRequest, p, "Limit history of a counterparty as a chart"},
		{typeRequest, p, "Concentration by country in the daily report"},
		{typeRequest, i, "Stress scenarios by name instead of number"},
		{typeRequest, p, "Reason and end date for every limit override"},
		{typeRequest, p, "Collateral calls by e-mail before ten"},
		{typeRequest, p, "Compare today's exposure with last month's"},
		{typeRequest, i, "Store the inputs of each value-at-risk run"},
		{typeRequest, p, "Block trades with an expired master agreement"},
		{typeChange, p, "Weights of the supervisory formula from March"},
	}
}

func financeIdeas() []idea {
	const p, i = paymentsRepo, infraRepo
	return []idea{
		{typeIncident, p, "Month-end posting stuck: 12 journals unbalanced by one cent"},
		{typeIncident, p, "Supplier payments of last Thursday were not executed"},
		{typeIncident, i, "Invoice scans have not arrived since the weekend"},
		{typeIncident, p, "Direct debits were collected a day early"},
		{typeIncident, p, "Bank statement import fails on IBANs from Malta"},
		{typeIncident, i, "Ledger report server answers with an empty page"},
		{typeBug, p, "Credit notes reduce VAT in the wrong period"},
		{typeBug, p, "Foreign currency revaluation runs twice on the 31st"},
		{typeBug, p, "Payment reminders go to suppliers as well"},
		{typeBug, p, "Cost centre is lost when an invoice is split"},
		{typeBug, i, "Trial balance export sorts accounts as text"},
		{typeBug, p, "Discount is granted after its deadline"},
		{typeRequest, p, "Match incoming payments to several invoices at once"},
		{typeRequest, p, "Close accounts per legal entity, not all at once"},
		{typeRequest, p, "Approve invoices from a phone"},
		{typeRequest, p, "Accrue recurring costs automatically"},
		{typeRequest, p, "Show cash position for the next 13 weeks"},
		{typeRequest, p, "Electronic invoices in the European format"},
		{typeRequest, p, "Reasons for rejected invoices as a list"},
		{typeRequest, i, "Archive ledgers older than ten years, readable"},
		{typeRequest, p, "Intercompany loans with interest by day"},
		{typeRequest, p, "One dashboard of open items by age"},
		{typeRequest, p, "Split payments over several bank accounts"},
		{typeRequest, p, "Import the bank's fee statements"},
		{typeRequest, p, "VAT report for the branch in Madrid"},
		{typeRequest, p, "Warn about duplicate invoices before approval"},
		{typeRequest, i, "Scheduled export for the tax adviser"},
		{typeRequest, p, "Depreciation plan for leased equipment"},
		{typeChange, p, "New chart of accounts for Luxembourg"},
		{typeChange, p, "VAT rate of the Slovak branch changes on 1 January"},
		{typeChange, p, "Second approver for payments above 250,000"},
		{typeChange, i, "Rename the legal entity Acme Clearing to Acme Markets"},
		{typeBug, p, "Accruals of the last day are posted to the next month"},
		{typeBug, i, "Ledger search is slow on accounts with a slash"},
		{typeRequest, p, "Remind approvers of invoices older than a week"},
		{typeRequest, p, "Cost centre hierarchy of the new organisation"},
		{typeRequest, p, "Attach the contract to recurring invoices"},
		{typeRequest, p, "Reverse a posting with one click and a reason"},
		{typeRequest, p, "Currency gains by month and account"},
		{typeRequest, p, "Payment proposal grouped by due date"},
		{typeRequest, i, "Journal templates that survive the year end"},
		{typeRequest, p, "Show who approved an invoice, and when"},
		{typeRequest, p, "Deferred income plan for annual licences"},
		{typeChange, p, "Bank holidays of the new payment system"},
	}
}

func itIdeas() []idea {
	const p, i = paymentsRepo, infraRepo
	return []idea{
		{"tech-debt", p, "Replace floating-point amounts in the fee engine"},
		{"tech-debt", p, "One place that knows business days"},
		{"tech-debt", p, "Delete the second copy of the IBAN check"},
		{"tech-debt", p, "Make settlement steps repeatable after a crash"},
		{"tech-debt", p, "Split the 4,000-line posting job"},
		{"tech-debt", i, "Move the last cron jobs into the scheduler"},
		{"tech-debt", i, "Stop building releases by hand"},
		{"tech-debt", p, "Typed errors instead of return code 99"},
		{"tech-debt", i, "Remove the shared administrator account"},
		{"tech-debt", p, "Drop support for the fax gateway"},
		{"dependencies", i, "PostgreSQL 16 on all ledgers"},
		{"dependencies", p, "Upgrade the message broker client"},
		{"dependencies", i, "New long-term kernel on the batch hosts"},
		{"dependencies", p, "Replace the abandoned PDF library"},
		{"dependencies", i, "Certificates expire in 40 days: clearing gateway"},
		{"security", i, "Rotate the signing keys of the payment gateway"},
		{"security", p, "Mask account numbers in debug logs"},
		{"security", i, "Second factor for access to production"},
		{"security", p, "Limit what the reporting user may read"},
		{"incident", i, "Disk of batch-03 is failing"},
		{"incident", i, "Backup of the ledger took nine hours"},
		{"incident", p, "Memory of the matcher grows until it restarts"},
		{"incident", i, "Build agents cannot reach the artefact store"},
		{"", p, "Measure how long each settlement step takes"},
		{"", p, "Load test with the trades of the busiest day"},
		{"", i, "Restore the ledger from backup every Sunday, automatically"},
		{"", i, "Dashboard for queue lengths"},
		{"", p, "Feature switch for the new matching engine"},
		{"", i, "Staging environment with masked production data"},
		{"", p, "Contract tests against the clearing house's simulator"},
		{"", i, "Alert on missing files, not only on broken ones"},
		{"", p, "Document the states of a payment"},
		{"", i, "Runbook: what to do when the feed is silent"},
		{"", p, "Trace one trade through all services"},
		{"", i, "Reduce nightly batch from six hours to four"},
		{"", p, "Property tests for netting"},
		{"", i, "Fail over to the second data centre without losing a payment"},
		{"", p, "Archive messages after 13 months"},
		{"", i, "Cut the cost of log storage by half"},
		{"", p, "Faster start of the matcher"},
		{"", i, "Describe the network as code"},
		{"", p, "Health page that says what is wrong"},
	}
}

// laterIdeas are what comes up while the demo runs.
func laterIdeas() []idea {
	const p = paymentsRepo
	return []idea{
		{typeIncident, p, "Payments to Lisbon are held without a reason"},
		{typeIncident, p, "Rates of the last hour are missing in the blotter"},
		{typeIncident, p, "Approval page shows an error for amounts with cents"},
		{typeIncident, p, "Clearing house did not acknowledge the 11:00 file"},
		{typeIncident, p, "Two desks see each other's drafts"},
		{typeIncident, p, "Limit service answers after nine seconds"},
		{typeIncident, p, "Printer queue of the confirmation desk is stuck"},
		{typeIncident, p, "Wrong value date on payments in yen"},
		{typeIncident, p, "Login codes arrive after they have expired"},
		{typeIncident, p, "Matching stopped after a trade with 200 legs"},
		{typeRequest, p, "Remember the filters of the blotter"},
		{typeRequest, p, "Holiday calendar of the Nordic markets"},
		{typeRequest, p, "Show the cut-off time next to each payment"},
		{typeRequest, p, "Export exposures with their history"},
		{typeRequest, p, "Second reminder for unconfirmed trades"},
		{typeRequest, p, "Mark payments that were released by a deputy"},
		{typeRequest, p, "Compare today's positions with last Friday's"},
		{typeRequest, p, "Names of beneficiaries in the payment search"},
		{typeRequest, p, "Keep a reason with every manual price"},
		{typeRequest, p, "Let the desk cancel its own drafts"},
		{typeRequest, p, "One page of all standing approvals"},
		{typeRequest, p, "Sort breaches by how long they last"},
		{typeRequest, p, "Warn when a broker changes its account"},
		{typeRequest, p, "Show fees before a trade is booked"},
	}
}
