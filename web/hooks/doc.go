// Package hooks takes the webhooks of Jira and GitHub. A webhook is a hint and nothing
// more: it says where something may have changed, and the next poll of that place is
// made at once. What it tells of an issue is not believed, so that a forged, doubled,
// late or lost one can do no harm.
package hooks
