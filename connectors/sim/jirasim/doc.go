// Package jirasim is a simulated Jira, Cloud or Data Center: a stateful site that people and
// programs change, and an HTTP face that speaks the product's dialect. It is
// strict on purpose. What the product refuses it refuses with the product's
// body; what the product lacks it lacks.
//
// The state (Site) stands apart from the face (Site.Handler), so a test can
// change issues as a person would and read them as a program does. Everything
// is deterministic: ids are counted, time comes from the injected clock.
package jirasim
