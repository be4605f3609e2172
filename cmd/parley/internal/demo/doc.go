// Package demo is a company to look at: it fills a simulated Jira and a simulated
// GitHub with the back office of a bank, six months of its work, and people who
// go on working while somebody watches the board. It knows the simulators and
// nothing else of Parley; the daemon meets the company as it would meet any other.
package demo
